// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports

extension Rule {
    static let realtimeKernel = Rule(
        "preempt-rt", .kernel,
        title: "The kernel is built for real time",
        why:
            "Without PREEMPT_RT a real-time task waits for interrupt handlers and for whoever holds a lock in "
            + "the kernel, which is short as a rule and milliseconds at times.",
        reference: KernelPage.realTime
    ) { evidence in
        guard evidence.quiet != nil else { return [] }
        if evidence.host.isRealtime { return [.ok("kernel \(evidence.host.release) is built with PREEMPT_RT")] }
        let threaded = evidence.bootOption("threadirqs") == nil ? "" : ", though interrupts are handled by threads"
        return [
            .note(
                "kernel \(evidence.host.release) is not built with PREEMPT_RT" + threaded,
                wanted: "PREEMPT_RT where the worst delay counts, not the usual one",
                fix: "install the real-time kernel of the distribution (linux-image-rt-*, kernel-rt, linux-realtime)")
        ]
    }

    static let keptAffinity = Rule(
        "affinity-kept", .kernel,
        title: "Tasks keep the CPUs they chose when their cpuset changes",
        why:
            "Before 6.2 enabling cpusets on cgroup v2, which the first container does, and each change of one "
            + "gives every task below all CPUs of its group: what taskset(1) and CPUAffinity= said is lost. "
            + "rtshield puts back what it changes.",
        reference: KernelPage.cgroups
    ) { evidence in
        guard evidence.quiet != nil, evidence.host.kernel < KernelVersion(6, 2) else { return [] }
        return [
            .note(
                "kernel \(evidence.host.kernel) forgets the affinity of tasks whose cpuset changes",
                wanted: "6.2 or newer where programs pin themselves",
                fix: "pin threads again after an engine was started, or have each in a cpuset of its own")
        ]
    }
}
