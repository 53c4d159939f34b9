// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let isolatedCPUs = Rule(
        "isolcpus", .kernel,
        title: "isolcpus= contains no housekeeping CPU",
        why:
            "The scheduler puts no task on a CPU of isolcpus= by itself and moves none off it: housekeeping loses such a "
            + "CPU, and the threads of a container with several such CPUs all stay on one, unless each is pinned.",
        reference: KernelPage.parameters
    ) { evidence in
        let isolated = evidence.bootIsolated.intersection(evidence.host.online)
        guard let quiet = evidence.quiet, !isolated.isEmpty else { return [] }
        return evidence.strayed(isolated, quiet) + evidence.unbalanced(isolated.intersection(quiet))
    }

    static let grantedIsolation = Rule(
        "isolcpus-granted", .kernel,
        title: "The kernel isolated the CPUs that isolcpus= requests",
        why:
            "The command line says what was requested; /sys/devices/system/cpu/isolated says what the kernel isolated.",
        reference: KernelPage.parameters
    ) { evidence in
        let asked = evidence.host.boot.isolatedCPUs
        guard !asked.isEmpty, let granted = evidence.grantedIsolated else { return [] }
        let missing = asked.subtracting(granted)
        if missing.isEmpty { return [.ok("the kernel isolated \(asked.title) at boot")] }
        return [
            .warning(
                "isolcpus= requests \(asked.title), but the kernel did not isolate \(missing)",
                wanted: "\(asked) isolated",
                fix: "journalctl -k -g 'Housekeeping|isolcpus' says why; fix isolcpus=, and reboot")
        ]
    }
}

extension Evidence {
    /// Housekeeping CPUs that are isolated.
    fileprivate func strayed(_ isolated: CPUSet, _ quiet: CPUSet) -> [RuleResult] {
        let stray = isolated.subtracting(quiet)
        guard let intent, !stray.isEmpty else { return [] }
        return [
            .warning(
                "isolcpus= isolates \(stray.title), which is not meant to be quiet according to \(intent.speaker)",
                wanted: "isolcpus= without \(stray), or no isolcpus= at all",
                fix: Remedy.omitting("isolcpus", on: self))
        ]
    }

    /// Quiet CPUs that nobody spreads tasks over.
    fileprivate func unbalanced(_ cpus: CPUSet) -> [RuleResult] {
        guard cpus.count > 1 else { return [] }
        let what = "isolcpus= keeps the scheduler from spreading tasks over \(cpus.title)"
        let wanted = "no isolcpus= if containers with several CPUs are to use them; a shield needs none"
        let fix = Remedy.omitting("isolcpus", on: self)
        return [host.kubeletOwnsPods ? .warning(what, wanted: wanted, fix: fix) : .note(what, wanted: wanted, fix: fix)]
    }
}

extension Rule {
    static let partitionRoom = Rule(
        "partition-room", .kernel,
        title: "At least one CPU is outside isolcpus= and outside every partition",
        why:
            "If a cpuset partition takes the last CPU that isolcpus= left to the scheduler, stock kernels (6.1, 6.12 and "
            + "7.2 were tested) oops, and each later change of a cpuset hangs.",
        reference: KernelPage.cgroups
    ) { evidence in
        let isolated = evidence.bootIsolated.intersection(evidence.host.online)
        guard let quiet = evidence.quiet, let intent = evidence.intent, !isolated.isEmpty else { return [] }
        let left = evidence.host.online.subtracting(isolated).subtracting(quiet)
        guard left.isEmpty else { return [] }
        return [
            .error(
                "isolcpus= has \(isolated) and \(intent.speaker) \(quiet): no online CPU is in neither",
                wanted: "at least one CPU that is in neither",
                fix: Remedy.omitting("isolcpus", on: evidence))
        ]
    }

    static let bootRoom = Rule(
        "boot-room", .kernel,
        title: "isolcpus= and nohz_full= together leave at least one CPU for everything else",
        why:
            "Timers and unbound work need a CPU that is in neither. Newer kernels ignore the second of two options that "
            + "leave none; older ones boot, and timers fire on unexpected CPUs.",
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
