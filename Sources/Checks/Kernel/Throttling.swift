// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let realtimeThrottling = Rule(
        "rt-throttling", .kernel,
        title: "Real-time tasks are not stopped for a share of each second",
        why:
            "Before 6.12, and with CONFIG_RT_GROUP_SCHED, a real-time task that computes all the time is "
            + "stopped for 50 ms of each second, so that an administrator can still log in. Newer kernels only "
            + "give ordinary tasks that wait 5 % of a CPU.",
        reference: KernelPage.realtimeGroups
    ) { evidence in
        guard evidence.quiet != nil, let runtime = evidence.number(.proc, "sys/kernel/sched_rt_runtime_us") else {
            return []
        }
        let period = evidence.number(.proc, "sys/kernel/sched_rt_period_us") ?? 1_000_000
        if runtime == 0 { return [stopped] }
        if runtime < 0 || runtime >= period { return [.ok("kernel.sched_rt_runtime_us is \(runtime)")] }
        if evidence.hasFairServer { return [.ok("kernel \(evidence.host.kernel) holds no real-time task back")] }
        return [
            evidence.disturbance(
                .realtimeThrottling, "kernel.sched_rt_runtime_us is \(runtime) of \(period)",
                wanted: "-1 where real-time tasks never sleep, with stalld or a watchdog beside them")
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
