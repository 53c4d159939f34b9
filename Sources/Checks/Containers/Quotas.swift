// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import Grants
import MachineKit

extension Rule {
    static let quotas = Rule(
        "quota", .containers,
        title: "Containers with CPUs of their own have no quota",
        why:
            "A quota stops every thread of a container until its next period, also on CPUs that nobody else may use; kubelet "
            + "before 1.33 gives one of as many CPUs, which rounding and bursts exceed.",
        reference: "https://docs.kernel.org/scheduler/sched-bwc.html"
    ) { evidence in
        evidence.containers.all.compactMap { container in
            guard container.isExclusive, let quota = evidence.quota(of: container) else { return nil }
            let key = Feature.quota.key
            return .note(
                "\(container.title) has CPUs \(container.cpus) of its own, and a quota of \(quota)", wanted: "no quota",
                fix: "the annotation \(key): disable, or kubelet from 1.33 on")
        }
    }
}

extension Evidence {
    /// The quota of a container's group as the kernel has it; nil when there is none.
    fileprivate func quota(of container: RunningContainer) -> String? {
        let directory = KernelFile(.cpu, (container.grant?.budgetGroup ?? container.group).directory.path)
        if host.layout.hasLegacyBudget {
            guard let quota = machine.textIfPresent(of: directory.appending("cpu.cfs_quota_us")), quota != "-1" else {
                return nil
            }
            return "\(quota) of \(machine.textIfPresent(of: directory.appending("cpu.cfs_period_us")) ?? "100000") µs"
        }
        let words = machine.textIfPresent(of: directory.appending("cpu.max"))?.split(separator: " ") ?? []
        guard words.count == 2, words[0] != "max" else { return nil }
        return "\(words[0]) of \(words[1]) µs"
    }
}
