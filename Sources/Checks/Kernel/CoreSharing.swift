// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let splitCores = Rule(
        "smt-split", .kernel,
        title: "No core is shared by a quiet CPU and one that is not",
        why:
            "Two hardware threads of a core share its execution units and caches: what runs on one slows the "
            + "other down, whatever the scheduler does.",
        reference: KernelPage.threadControl
    ) { evidence in
        guard let quiet = evidence.quiet else { return [] }
        let splits = evidence.host.topology.splitCores(by: quiet)
        guard !splits.isEmpty else { return [] }
        let pairs = splits.prefix(4).map { "\($0.inside) with \($0.outside)" }.joined(separator: ", ")
        let rest = splits.count > 4 ? " and \(splits.count - 4) more" : ""
        let grown = quiet.union(CPUSet(splits.map(\.outside)))
        let whole = evidence.host.online.isSubset(of: grown) ? quiet.subtracting(CPUSet(splits.map(\.inside))) : grown
        return [
            .warning(
                "quiet CPUs share a core with others: \(pairs)\(rest)",
                wanted: whole.isEmpty ? "whole cores" : "whole cores, such as \(whole)",
                fix: evidence.intent?.source == .kubelet
                    ? "reservedSystemCPUs with whole cores, and full-pcpus-only, in kubelet's configuration"
                    : "rtshield create --cores COUNT, or echo 0 > /sys/devices/system/cpu/cpuN/online for the others")
        ]
    }

    static let sharedCores = Rule(
        "smt", .kernel,
        title: "Programs on quiet CPUs do not share a core with each other",
        why:
            "Two programs on the hardware threads of one core delay each other; a real-time program wants the "
            + "core for itself.",
        reference: KernelPage.threadControl
    ) { evidence in
        guard let quiet = evidence.quiet else { return [] }
        let pairs = quiet.filter { evidence.host.topology.core(of: $0).intersection(quiet).count > 1 }
        if pairs.isEmpty {
            let isOff = ["off", "forceoff"].contains(evidence.value(.sys, "devices/system/cpu/smt/control"))
            return isOff ? [.ok("SMT is off")] : []
        }
        return [
            .note(
                "both threads of cores are in \(CPUSet(pairs))", wanted: "one program a core where microseconds count",
                fix: "rtshield create --cores COUNT --smt off, or nosmt at boot")
        ]
    }
}
