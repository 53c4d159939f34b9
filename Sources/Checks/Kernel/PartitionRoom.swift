// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

extension Rule {
    static let partitionRoom = Rule(
        "partition-room", .kernel,
        title: "A CPU is left outside isolcpus= and outside every partition",
        why:
            "Where a cpuset partition takes the last CPU that isolcpus= left to the scheduler, stock kernels "
            + "(6.1, 6.12 and 7.2 were tried) oops, and each later change of a cpuset hangs.",
        reference: KernelPage.cgroups
    ) { evidence in
        let isolated = evidence.bootIsolated.intersection(evidence.host.online)
        guard let quiet = evidence.quiet, let intent = evidence.intent, !isolated.isEmpty else { return [] }
        let left = evidence.host.online.subtracting(isolated).subtracting(quiet)
        guard left.isEmpty else { return [] }
        return [
            .error(
                "isolcpus= has \(isolated) and \(intent.speaker) \(quiet): no online CPU is in neither",
                wanted: "one CPU at least that is in neither",
                fix: Remedy.omitting("isolcpus", on: evidence))
        ]
    }

    static let bootRoom = Rule(
        "boot-room", .kernel,
        title: "isolcpus= and nohz_full= together leave a CPU for everything else",
        why:
            "Timers and unbound work need a CPU that is in neither. Newer kernels ignore the second of two options "
            + "that leave none; older ones boot, and let timers fire where nobody expects them.",
        reference: KernelPage.parameters
    ) { evidence in
        let (isolated, tickless) = (evidence.host.boot.isolatedCPUs, evidence.host.boot.nohzFull)
        guard !isolated.isEmpty, !tickless.isEmpty,
            evidence.host.topology.present.isSubset(of: isolated.union(tickless))
        else { return [] }
        return [
            .warning(
                "isolcpus= has \(isolated), nohz_full= \(tickless), and no CPU is in neither",
                wanted: "the same in both",
                fix: Remedy.omitting("isolcpus", on: evidence))
        ]
    }
}
