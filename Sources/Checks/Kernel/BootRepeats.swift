// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

extension Rule {
    static let bootRepeats = Rule(
        "boot-repeats", .kernel,
        title: "No option of the command line is given twice with different values",
        why:
            "The boot loader, tuned and an operator may each add an option. The kernel takes the last one, "
            + "and says nothing of the others.",
        reference: KernelPage.parameters
    ) { evidence in
        single.compactMap { name in
            let values = evidence.host.boot.values(of: name)
            guard let last = values.last, Set(values).count > 1 else { return nil }
            let all = values.map { "\(name)=\($0)" }.joined(separator: " ")
            return .warning(
                "the command line says \(all), and \(name)=\(last) counts", wanted: "\(name)= once",
                fix: "look for \(name)= in the boot loader, in tuned's bootcmdline and in machine configurations")
        }
    }

    /// Those that hold one value.
    ///
    /// Of `isolcpus=` and `nohz_full=` the first counts, which is told of as a contradiction.
    private static let single = [
        "rcu_nocbs", "irqaffinity", "workqueue.unbound_cpus", "kthread_cpus", "systemd.cpu_affinity",
        "tuned.non_isolcpus", "skew_tick", "idle", "processor.max_cstate", "intel_idle.max_cstate", "intel_pstate",
        "amd_pstate", "mitigations", "audit", "nmi_watchdog", "default_hugepagesz", "transparent_hugepage", "preempt",
        "clocksource", "systemd.unified_cgroup_hierarchy", "rt_group_sched",
    ]
}
