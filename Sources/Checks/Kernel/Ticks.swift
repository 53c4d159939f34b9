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
        title: "The kernel stops the tick where nohz_full= asked for it",
        why:
            "A kernel without CONFIG_NO_HZ_FULL ignores nohz_full=, and the boot CPU always keeps its tick. "
            + "What was granted stands in /sys/devices/system/cpu/nohz_full.",
        reference: KernelPage.tickless
    ) { evidence in
        let asked = evidence.host.boot.nohzFull
        guard !asked.isEmpty, let granted = evidence.grantedTickless, granted != asked else { return [] }
        guard granted.isEmpty else {
            let missing = asked.subtracting(granted)
            return [
                .warning(
                    "nohz_full= asks for \(asked), and the kernel granted \(granted)",
                    wanted: "nohz_full= without the boot CPU",
                    fix: Remedy.booting(with: "nohz_full=\(asked.subtracting(missing))", on: evidence))
            ]
        }
        return [
            .error(
                "nohz_full= asks for \(asked), and the kernel granted none", wanted: "a kernel with CONFIG_NO_HZ_FULL",
                fix: "grep NO_HZ_FULL /boot/config-\(evidence.host.release), and journalctl -k -g 'NO_HZ|Housekeeping'")
        ]
    }

    static let bootCPU = Rule(
        "boot-cpu", .kernel,
        title: "The boot CPU is not meant to be quiet",
        why:
            "The first CPU keeps the time for the others, keeps its tick whatever nohz_full= says, is added "
            + "to irqaffinity=, and is where drivers and firmware put what they do not think about.",
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
