// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let realtimeKernel = Rule(
        "preempt-rt", .kernel,
        title: "The kernel is built for real time",
        why:
            "Without PREEMPT_RT a real-time task waits for interrupt handlers and for holders of locks in the kernel, "
            + "usually for a short time but sometimes for milliseconds.",
        reference: KernelPage.realTime
    ) { evidence in
        guard evidence.quiet != nil else { return [] }
        if evidence.host.isRealtime { return [.ok("kernel \(evidence.host.release) is built with PREEMPT_RT")] }
        let threaded = evidence.bootOption("threadirqs") == nil ? "" : ", though interrupts are handled by threads"
        return [
            .note(
                "kernel \(evidence.host.release) is not built with PREEMPT_RT" + threaded,
                wanted: "PREEMPT_RT if the worst delay matters, not the usual one",
                fix: "install the real-time kernel of the distribution (linux-image-rt-*, kernel-rt, linux-realtime)")
        ]
    }

    static let keptAffinity = Rule(
        "affinity-kept", .kernel,
        title: "Tasks keep the CPUs they chose when their cpuset changes",
        why:
            "Before 6.2 enabling cpusets on cgroup v2, which the first container does, and each change of a cpuset gives "
            + "every task below it all CPUs of its cgroup: settings of taskset(1) and CPUAffinity= are lost. rtshield "
            + "restores those that its own changes erase.",
        reference: KernelPage.cgroups
    ) { evidence in
        guard evidence.quiet != nil, evidence.host.kernel < KernelVersion(6, 2) else { return [] }
        return [
            .note(
                "kernel \(evidence.host.kernel) erases the affinity of tasks whose cpuset changes",
                wanted: "6.2 or newer where programs pin themselves",
                fix: "pin threads again after an engine was started, or put each into a cpuset of its own")
        ]
    }

    static let realtimeThrottling = Rule(
        "rt-throttling", .kernel,
        title: "Real-time tasks are not throttled",
        why:
            "Before 6.12, and with CONFIG_RT_GROUP_SCHED, a real-time task that never sleeps is stopped for 50 ms of "
            + "each second, so that an administrator can still log in. Newer kernels only give waiting ordinary tasks 5 % "
            + "of a CPU.",
        reference: KernelPage.realtimeGroups
    ) { evidence in
        guard evidence.quiet != nil, let runtime = evidence.number(.proc, "sys/kernel/sched_rt_runtime_us") else {
            return []
        }
        let period = evidence.number(.proc, "sys/kernel/sched_rt_period_us") ?? 1_000_000
        if runtime == 0 { return [stopped] }
        if runtime < 0 || runtime >= period { return [.ok("kernel.sched_rt_runtime_us is \(runtime)")] }
        if evidence.hasFairServer { return [.ok("kernel \(evidence.host.kernel) does not throttle real-time tasks")] }
        return [
            evidence.disturbance(
                .realtimeThrottling, "kernel.sched_rt_runtime_us is \(runtime) of \(period)",
                wanted: "-1 if real-time tasks never sleep, together with stalld or a watchdog")
        ]
    }

    private static let stopped = RuleResult.error(
        "kernel.sched_rt_runtime_us is 0, so that no real-time task runs", wanted: "950000, or -1",
        fix: Remedy.setting("kernel.sched_rt_runtime_us", to: "950000"))
}

extension Evidence {
    /// Whether a server for ordinary tasks took the place of the throttling of real-time tasks.
    fileprivate var hasFairServer: Bool {
        guard host.kernel >= KernelVersion(6, 12) else { return false }
        return built?.has(.realtimeGroups) != true
    }
}

extension Rule {
    static let realtimeGroups = Rule(
        "rt-groups", .kernel,
        title: "Tasks of every cgroup can use real-time scheduling",
        why:
            "A kernel with CONFIG_RT_GROUP_SCHED gives real-time tasks a budget per cgroup. On v1 a new cgroup has none "
            + "until one is set; on v2 none can be set, and the kernel refuses FIFO and RR in every cgroup with the cpu "
            + "controller.",
        reference: KernelPage.realtimeGroups
    ) { evidence in
        guard evidence.quiet != nil else { return [] }
        if evidence.host.layout.hasLegacyBudget { return evidence.legacyBudget }
        guard evidence.refusesRealtimeInGroups else { return [] }
        return [
            .warning(
                "the kernel has CONFIG_RT_GROUP_SCHED and refuses FIFO and RR in cgroups",
                wanted: "a kernel without it, or rt_group_sched=0 from 6.16 on",
                fix: evidence.host.kernel >= KernelVersion(6, 16)
                    ? Remedy.booting(with: "rt_group_sched=0", on: evidence)
                    : "boot a kernel without CONFIG_RT_GROUP_SCHED, or with cgroup v1")
        ]
    }
}

extension Evidence {
    /// What is to be said where budgets can be given.
    fileprivate var legacyBudget: [RuleResult] {
        guard let budget = value(.cpu, "cpu.rt_runtime_us") else { return [] }
        return [
            .note(
                "real-time tasks of containers need a budget, out of \(budget) us that all cgroups share",
                wanted: "a budget for each container that is granted real-time scheduling",
                fix: "rtshield's hook gives it: runtime-us below realtime in /etc/rtshield/config.yaml")
        ]
    }

    /// Whether it was built so, and not switched off since.
    fileprivate var refusesRealtimeInGroups: Bool {
        guard host.layout.budgetPoint != nil, let built, built.has(.realtimeGroups) else { return false }
        if host.kernel >= KernelVersion(6, 16), let option = bootOption("rt_group_sched") {
            return !["0", "n", "N", "off"].contains(option)
        }
        return !built.has(.realtimeGroupsOff)
    }
}
