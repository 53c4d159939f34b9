// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Reports

extension Rule {
    static let callbacks = Rule(
        "rcu-nocbs", .kernel,
        title: "RCU callbacks of quiet CPUs run elsewhere",
        why:
            "Callbacks free memory in batches, in softirq context of the CPU that asked. Those of CPUs in "
            + "rcu_nocbs= or nohz_full= run in kernel threads (rcuop/N), which a shield moves away. Only boot "
            + "options do that.",
        reference: KernelPage.parameters
    ) { evidence in
        guard let quiet = evidence.quiet else { return [] }
        let missing = quiet.subtracting(evidence.offloaded)
        if missing.isEmpty { return [.ok("RCU callbacks of \(quiet.title) run in threads")] }
        let wanted = "rcu_nocbs=\(quiet)"
        let fix = Remedy.booting(with: wanted, on: evidence)
        if missing == quiet { return [.note("RCU callbacks run on \(quiet.title)", wanted: wanted, fix: fix)] }
        return [.warning("rcu_nocbs= leaves out \(missing.title) of \(quiet)", wanted: wanted, fix: fix)]
    }

    static let callbackPolling = Rule(
        "rcu-nocb-poll", .kernel,
        title: "rcu_nocb_poll goes with CPUs whose callbacks are offloaded",
        why:
            "With it the threads that run callbacks look for them by themselves, so that a quiet CPU need not "
            + "wake them; without offloaded CPUs there is no such thread.",
        reference: KernelPage.parameters
    ) { evidence in
        guard evidence.bootOption("rcu_nocb_poll") != nil else { return [] }
        if !evidence.offloaded.isEmpty { return [.ok("threads that run RCU callbacks poll for them")] }
        return [
            .note(
                "rcu_nocb_poll is given, and no CPU is in rcu_nocbs= or nohz_full=",
                wanted: "rcu_nocbs= with it", fix: Remedy.booting(without: "rcu_nocb_poll", on: evidence))
        ]
    }

    static let expeditedGracePeriods = Rule(
        "rcu-expedited", .kernel,
        title: "RCU does not hurry by interrupting every CPU",
        why:
            "An expedited grace period sends an interrupt to each CPU that is not idle or in user mode "
            + "without a tick. Ordinary ones wait until the CPUs come by.",
        reference: KernelPage.parameters
    ) { evidence in
        guard let quiet = evidence.quiet, let normal = evidence.number(.sys, "kernel/rcu_normal") else { return [] }
        if evidence.number(.sys, "kernel/rcu_expedited") ?? 0 != 0, normal == 0 {
            return [
                .warning(
                    "all grace periods are expedited", wanted: "ordinary ones",
                    fix: "echo 0 > /sys/kernel/rcu_expedited, and no rcupdate.rcu_expedited=1 at boot")
            ]
        }
        if normal != 0 { return [.ok("grace periods of RCU are ordinary ones")] }
        // In user mode without a tick they are passed over.
        guard !quiet.isSubset(of: evidence.tickless) else { return [] }
        return [
            .note(
                "the kernel may expedite grace periods",
                wanted: "rcupdate.rcu_normal_after_boot=1, as PREEMPT_RT has it",
                fix: "echo 1 > /sys/kernel/rcu_normal; at boot: "
                    + Remedy.booting(with: "rcupdate.rcu_normal_after_boot=1", on: evidence))
        ]
    }
}
