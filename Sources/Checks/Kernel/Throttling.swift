// SPDX-License-Identifier: Apache-2.0

import CgroupKit

extension Rule {
    static let realtimeThrottling = Rule(
        "rt-throttling", .kernel,
        title: "Real-time tasks are not stopped for a share of each second",
        why:
            "Before 6.12 a real-time task that computes all the time is stopped for 50 ms of each second, so that an administrator "
            + "can still log in.",
        reference: "https://docs.kernel.org/scheduler/sched-rt-group.html"
    ) { evidence in
        guard evidence.intent != nil, let runtime = evidence.sysctl("kernel.sched_rt_runtime_us"),
            let period = evidence.sysctl("kernel.sched_rt_period_us") ?? Optional("1000000")
        else { return [] }
        if runtime == "-1" || runtime == period { return [.ok("kernel.sched_rt_runtime_us is \(runtime)")] }
        return [
            .note(
                "kernel.sched_rt_runtime_us is \(runtime) of \(period)",
                wanted: "-1 where real-time tasks never sleep, with stalld or a watchdog beside them",
                fix: "rtshield create --cpus \(evidence.intent?.cpus ?? []) --with rt-throttling")
        ]
    }
}
