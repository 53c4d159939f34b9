// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

extension Rule {
    static let realtimeGroups = Rule(
        "rt-groups", .kernel,
        title: "Tasks of any cgroup may be real-time ones",
        why:
            "A kernel with CONFIG_RT_GROUP_SCHED gives real-time tasks a budget by cgroup. On v1 a new group "
            + "has none until it is given one; on v2 none can be given, and FIFO and RR are refused in every "
            + "group with the cpu controller.",
        reference: KernelPage.realtimeGroups
    ) { evidence in
        guard evidence.quiet != nil else { return [] }
        if evidence.host.layout.hasLegacyBudget { return evidence.legacyBudget }
        guard evidence.refusesRealtimeInGroups else { return [] }
        return [
            .warning(
                "the kernel has CONFIG_RT_GROUP_SCHED, and refuses FIFO and RR in cgroups",
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
                "real-time tasks of containers need a budget, of \(budget) us that all groups share",
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
