// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let lockupWatchdog = Rule(
        "watchdog", .kernel,
        title: "The lockup watchdog leaves the quiet CPUs alone",
        why:
            "The watchdog wakes on every CPU of its mask every few seconds, and reports a real-time program that never "
            + "yields as a lockup.",
        reference: KernelPage.watchdogs
    ) { evidence in
        guard let quiet = evidence.quiet, let mask = evidence.sysctl("kernel.watchdog_cpumask") else { return [] }
        if evidence.sysctl("kernel.watchdog") == "0" { return [.ok("the lockup watchdogs are off")] }
        let isSoftOff = evidence.sysctl("kernel.soft_watchdog") == "0"
        if isSoftOff, evidence.sysctl("kernel.nmi_watchdog") != "1" { return [.ok("the lockup watchdogs are off")] }
        guard let both = CPUSet(kernelList: mask)?.intersection(quiet) else { return [] }
        if both.isEmpty { return [.ok("the lockup watchdog leaves \(quiet.title) alone")] }
        return [
            evidence.disturbance(
                .watchdog, "the lockup watchdog wakes on \(both.title)",
                wanted: "kernel.watchdog_cpumask = \(evidence.housekeeping), or nosoftlockup at boot")
        ]
    }

    static let lockupPanic = Rule(
        "lockup-panic", .kernel,
        title: "A real-time program that does not yield does not cause a panic",
        why:
            "A program that spins with real-time priority triggers the soft lockup watchdog and makes tasks of its CPU "
            + "hang. If the watchdog is set to panic, the machine restarts although its program works as intended.",
        reference: KernelPage.watchdogs
    ) { evidence in
        guard let quiet = evidence.quiet, evidence.number(.proc, "sys/kernel/softlockup_panic") ?? 0 != 0,
            evidence.sysctl("kernel.soft_watchdog") != "0", evidence.sysctl("kernel.watchdog") != "0",
            let watched = evidence.sysctl("kernel.watchdog_cpumask").flatMap({ CPUSet(kernelList: $0) }),
            !watched.isDisjoint(with: quiet)
        else { return [] }
        return [
            .warning(
                "kernel.softlockup_panic is set, and the watchdog monitors \(watched.intersection(quiet).title)",
                wanted: "a watchdog that leaves them alone, or no panic",
                fix: Remedy.setting("kernel.watchdog_cpumask", to: "\(evidence.housekeeping)"))
        ]
    }

    static let hungTasks = Rule(
        "hung-task", .kernel,
        title: "A task that waits for long does not cause a panic",
        why:
            "If a real-time program never sleeps, kernel threads of its CPU wait, and tasks that wait for these threads "
            + "hang. With kernel.hung_task_panic the machine then restarts.",
        reference: KernelPage.kernelSettings
    ) { evidence in
        guard evidence.quiet != nil, evidence.number(.proc, "sys/kernel/hung_task_panic") ?? 0 != 0 else { return [] }
        let timeout = evidence.number(.proc, "sys/kernel/hung_task_timeout_secs") ?? 120
        guard timeout > 0 else { return [] }
        return [
            .note(
                "kernel.hung_task_panic is set, and a task counts as hung after \(timeout) s",
                wanted: "no panic, or 600 s and more", fix: Remedy.setting("kernel.hung_task_timeout_secs", to: "600"))
        ]
    }

    static let nmiWatchdog = Rule(
        "nmi-watchdog", .kernel,
        title: "The hard lockup watchdog leaves the quiet CPUs alone",
        why:
            "The hard lockup watchdog uses a performance counter of each CPU of the watchdog's mask, and its interrupt "
            + "cannot be masked.",
        reference: KernelPage.watchdogs
    ) { evidence in
        guard let quiet = evidence.quiet, let value = evidence.sysctl("kernel.nmi_watchdog") else { return [] }
        if value == "0" { return [.ok("kernel.nmi_watchdog is 0")] }
        let mask = evidence.sysctl("kernel.watchdog_cpumask").flatMap { CPUSet(kernelList: $0) }
        if let mask, mask.isDisjoint(with: quiet) { return [.ok("the NMI watchdog leaves \(quiet.title) alone")] }
        return [
            evidence.disturbance(
                .nmiWatchdog, "kernel.nmi_watchdog is \(value)", wanted: "0, or a mask without \(quiet.title)")
        ]
    }

    static let machineChecks = Rule(
        "machine-check", .kernel,
        title: "Quiet CPUs do not poll for corrected hardware errors",
        why:
            "x86 polls each CPU every few minutes, with a timer on each. Without polling, failing memory is noticed "
            + "later.",
        reference: KernelPage.machineChecks
    ) { evidence in
        let file = "devices/system/machinecheck/machinecheck0/check_interval"
        guard evidence.quiet != nil, let seconds = evidence.number(.sys, file) else {
            return []
        }
        if seconds == 0 { return [.ok("the kernel does not poll for hardware errors")] }
        // Off already, or counted by firmware.
        guard !["off", "ignore_ce"].contains(evidence.bootOption("mce")) else { return [.ok("mce= ends polling")] }
        return [
            evidence.disturbance(
                .machineCheck, "each CPU polls for hardware errors every \(seconds) s",
                wanted: "0 if a management controller monitors the hardware")
        ]
    }

    static let machineChecksOff = Rule(
        "mce-off", .kernel,
        title: "Uncorrectable hardware errors are not ignored",
        why:
            "mce=off does more than end polling: an error that the processor cannot correct resets the machine without a "
            + "log entry. mce=ignore_ce, or a check interval of 0, ends only the polling.",
        reference: KernelPage.machineChecks
    ) { evidence in
        guard evidence.host.boot.values(of: "mce").contains("off") else { return [] }
        return [
            .note(
                "mce=off switches the handling of hardware errors off", wanted: "mce=ignore_ce",
                fix: Remedy.booting(without: "mce=off", on: evidence) + ", with mce=ignore_ce instead")
        ]
    }
}
