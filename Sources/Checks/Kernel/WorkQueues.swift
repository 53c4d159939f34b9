// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let workQueueMask = Rule(
        "workqueues", .kernel,
        title: "Work that may run anywhere does not run on quiet CPUs",
        why:
            "Unbound work of drivers and file systems runs on the CPUs of a mask. From 6.8 on the kernel removes the "
            + "CPUs of isolated partitions from it.",
        reference: KernelPage.workQueues
    ) { evidence in
        let mask = evidence.value(.sys, "devices/virtual/workqueue/cpumask").flatMap { CPUSet(mask: $0) }
        guard let quiet = evidence.quiet, let both = mask?.intersection(quiet) else { return [] }
        if both.isEmpty { return [.ok("unbound work stays off \(quiet.title)")] }
        return [
            evidence.disturbance(
                .workqueues, "unbound work may run on \(both.title)",
                wanted: "\(evidence.housekeeping.mask) in /sys/devices/virtual/workqueue/cpumask")
        ]
    }

    static let workQueueOption = Rule(
        "workqueue-option", .kernel,
        title: "workqueue.unbound_cpus= leaves the quiet CPUs out",
        why: "workqueue.unbound_cpus= is the mask of unbound work from boot on. Kernels before 6.6 silently ignore it.",
        reference: KernelPage.parameters
    ) { evidence in
        let list = BootClaims.list("workqueue.unbound_cpus", of: evidence)
        guard let quiet = evidence.quiet, let text = evidence.bootOption("workqueue.unbound_cpus"), !list.isEmpty else {
            return []
        }
        guard evidence.host.kernel >= KernelVersion(6, 6) else {
            return [
                .note(
                    "kernel \(evidence.host.kernel) does not know workqueue.unbound_cpus=\(text)",
                    wanted: "6.6 or newer",
                    fix: Remedy.giving(.workqueues, on: evidence))
            ]
        }
        let both = list.intersection(quiet)
        guard !both.isEmpty else { return [.ok("workqueue.unbound_cpus= has none of \(quiet.title)")] }
        let wanted = "workqueue.unbound_cpus=\(evidence.housekeeping)"
        return [
            .warning(
                "workqueue.unbound_cpus= has \(both.title)", wanted: wanted,
                fix: Remedy.booting(with: wanted, on: evidence))
        ]
    }
}
