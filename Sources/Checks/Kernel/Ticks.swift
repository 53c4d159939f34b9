// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports

extension Rule {
    static let ticks = Rule(
        "nohz-full", .kernel,
        title: "The tick stops on quiet CPUs while they run one task",
        why:
            "The tick interrupts a busy CPU 100 to 1000 times a second. Only nohz_full= stops it, and only at "
            + "boot; it also keeps timers, unbound work and the lockup watchdog off, and costs a little at each "
            + "entry into the kernel.",
        reference: KernelPage.tickless
    ) { evidence in
        guard let quiet = evidence.quiet else { return [] }
        let tickless = evidence.tickless
        let missing = quiet.subtracting(tickless)
        let fix = Remedy.booting(with: "nohz_full=\(quiet)", on: evidence)
        if missing.isEmpty { return [.ok("the tick stops on \(quiet.title)")] + evidence.needless(tickless, quiet) }
        // That the kernel granted none is another rule's to tell.
        guard evidence.host.boot.nohzFull.isEmpty || !tickless.isEmpty else { return [] }
        if tickless.isEmpty {
            return [.note("the tick does not stop on \(quiet.title)", wanted: "nohz_full=\(quiet)", fix: fix)]
        }
        return [
            .warning("nohz_full= leaves out \(missing.title) of \(quiet)", wanted: "nohz_full=\(quiet)", fix: fix)
        ] + evidence.needless(tickless, quiet)
    }

    static let grantedTickless = Rule(
        "nohz-full-granted", .kernel,
        title: "The kernel stops the tick where nohz_full= requests it",
        why:
            "A kernel without CONFIG_NO_HZ_FULL ignores nohz_full=, and the boot CPU always keeps its tick. "
            + "/sys/devices/system/cpu/nohz_full lists the CPUs that the kernel accepted.",
        reference: KernelPage.tickless
    ) { evidence in
        let asked = evidence.host.boot.nohzFull
        guard !asked.isEmpty, let granted = evidence.grantedTickless, granted != asked else { return [] }
        guard granted.isEmpty else {
            let missing = asked.subtracting(granted)
            return [
                .warning(
                    "nohz_full= requests \(asked), but the kernel accepted \(granted)",
                    wanted: "nohz_full= without the boot CPU",
                    fix: Remedy.booting(with: "nohz_full=\(asked.subtracting(missing))", on: evidence))
            ]
        }
        return [
            .error(
                "nohz_full= requests \(asked), but the kernel accepted none", wanted: "a kernel with CONFIG_NO_HZ_FULL",
                fix: "grep NO_HZ_FULL /boot/config-\(evidence.host.release), and journalctl -k -g 'NO_HZ|Housekeeping'")
        ]
    }

    static let bootCPU = Rule(
        "boot-cpu", .kernel,
        title: "The boot CPU is not meant to be quiet",
        why:
            "The first CPU keeps the time for the others, keeps its tick whatever nohz_full= says, is added to "
            + "irqaffinity=, and is the default of drivers and firmware.",
        reference: KernelPage.tickless
    ) { evidence in
        guard let quiet = evidence.quiet, let boot = evidence.host.topology.possible.first, quiet.contains(boot) else {
            return []
        }
        return [
            .note(
                "CPU \(boot), the boot CPU, is meant to be quiet", wanted: "CPU \(boot) for housekeeping",
                fix: "leave CPU \(boot) out of the shield")
        ]
    }
}

extension Evidence {
    /// CPUs without a tick that are for everything else.
    fileprivate func needless(_ tickless: CPUSet, _ quiet: CPUSet) -> [RuleResult] {
        let rest = tickless.subtracting(quiet).intersection(host.online)
        guard !rest.isEmpty else { return [] }
        return [
            .note(
                "nohz_full= also has \(rest.title), where each system call then costs more",
                wanted: "nohz_full=\(quiet)", fix: Remedy.booting(with: "nohz_full=\(quiet)", on: self))
        ]
    }
}

extension Rule {
    static let callbacks = Rule(
        "rcu-nocbs", .kernel,
        title: "RCU callbacks of quiet CPUs run elsewhere",
        why:
            "Callbacks free memory in batches, in softirq context of the CPU that queued them. Those of CPUs in "
            + "rcu_nocbs= or nohz_full= run in kernel threads (rcuop/N), which a shield moves away. Only boot options "
            + "enable that.",
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
        title: "rcu_nocb_poll is given only together with CPUs whose callbacks are offloaded",
        why:
            "With rcu_nocb_poll the threads that run callbacks poll for them, so that a quiet CPU need not wake the "
            + "threads; without offloaded CPUs there is no such thread.",
        reference: KernelPage.parameters
    ) { evidence in
        guard evidence.bootOption("rcu_nocb_poll") != nil else { return [] }
        if !evidence.offloaded.isEmpty { return [.ok("threads that run RCU callbacks poll for them")] }
        return [
            .note(
                "rcu_nocb_poll is given, but no CPU is in rcu_nocbs= or nohz_full=",
                wanted: "rcu_nocbs= with it", fix: Remedy.booting(without: "rcu_nocb_poll", on: evidence))
        ]
    }

    static let expeditedGracePeriods = Rule(
        "rcu-expedited", .kernel,
        title: "RCU does not expedite grace periods by interrupting every CPU",
        why:
            "An expedited grace period sends an interrupt to each CPU that is not idle or in user mode without a tick. A "
            + "normal one waits until every CPU has passed a quiescent state.",
        reference: KernelPage.parameters
    ) { evidence in
        guard let quiet = evidence.quiet, let normal = evidence.number(.sys, "kernel/rcu_normal") else { return [] }
        if evidence.number(.sys, "kernel/rcu_expedited") ?? 0 != 0, normal == 0 {
            return [
                .warning(
                    "all grace periods are expedited", wanted: "normal ones",
                    fix: "echo 0 > /sys/kernel/rcu_expedited, and no rcupdate.rcu_expedited=1 at boot")
            ]
        }
        if normal != 0 { return [.ok("RCU grace periods are normal")] }
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
