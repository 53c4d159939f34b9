// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let clockSource = Rule(
        "clock-source", .kernel,
        title: "Programs read the time from the processor, not from a device",
        why:
            "Reading the time stamp counter takes some 20 ns; hpet and acpi_pm take a microsecond on a slow bus that all "
            + "CPUs share, and each reading is a system call. The kernel stops using the counter if it differs between "
            + "CPUs.",
        reference: KernelPage.parameters
    ) { evidence in
        guard evidence.quiet != nil, let source = evidence.clockSource else { return [] }
        guard ["hpet", "acpi_pm", "jiffies", "pit"].contains(source) else {
            return [.ok("the clocksource is \(source)")]
        }
        let available = evidence.value(.sys, Evidence.clock + "available_clocksource") ?? ""
        let hasCounter = available.split(separator: " ").contains("tsc")
        return [
            .warning(
                "the clocksource is \(source)", wanted: "tsc, or the clock of the hypervisor",
                fix: hasCounter
                    ? "echo tsc > /sys/\(Evidence.clock)current_clocksource"
                    : "journalctl -k -g 'tsc|clocksource' says why; tsc=reliable only if the firmware is reliable"
            )
        ]
    }

    static let clockWatchdog = Rule(
        "clock-watchdog", .kernel,
        title: "No timer runs on the CPUs in turn to compare clocks",
        why:
            "If the kernel does not trust the time stamp counter, it compares it with another clock every half second, "
            + "with a timer that moves from CPU to CPU, including quiet ones. From 5.16 on it trusts the counter on most "
            + "machines with up to four sockets.",
        reference: KernelPage.parameters
    ) { evidence in
        guard evidence.quiet != nil, evidence.clockSource == "tsc", let processor = Processor(on: evidence) else {
            return []
        }
        let given = evidence.host.boot.values(of: "tsc")
        if let trust = given.first(where: { ["reliable", "nowatchdog"].contains($0) }) {
            return [.ok("tsc=\(trust) switches the clocksource watchdog off")]
        }
        if processor.hasTrustedCounter, evidence.host.topology.nodes.count <= evidence.trustedNodes {
            return [.ok("the kernel trusts the time stamp counter")]
        }
        return [
            .note(
                "the kernel may compare clocks on each CPU in turn", wanted: "tsc=nowatchdog, or tsc=reliable",
                fix: Remedy.booting(with: "tsc=nowatchdog", on: evidence) + ", if the counter is reliable")
        ]
    }

    static let timerMigration = Rule(
        "timer-migration", .kernel,
        title: "Timers of idle CPUs do not move to quiet ones",
        why:
            "The kernel runs timers of idle CPUs on busy ones, and a CPU that spins is always busy. The kernel leaves "
            + "out CPUs without a tick (nohz_full=), and from 6.19 on CPUs of isolated partitions.",
        reference: KernelPage.tickless
    ) { evidence in
        guard let quiet = evidence.quiet, let value = evidence.sysctl("kernel.timer_migration") else { return [] }
        if value == "0" { return [.ok("kernel.timer_migration is 0")] }
        if quiet.isSubset(of: evidence.tickless) { return [.ok("timers do not move to CPUs without a tick")] }
        if quiet.isSubset(of: evidence.tickless.union(evidence.untimed)) {
            return [.ok("timers do not move to CPUs of isolated partitions")]
        }
        return [evidence.disturbance(.timerMigration, "kernel.timer_migration is \(value)", wanted: "0")]
    }

    static let skewedTicks = Rule(
        "skew-tick", .kernel,
        title: "CPUs do not tick at the same moment",
        why:
            "By default all CPUs tick at once and compete for the same locks, which gets worse with more CPUs. "
            + "skew_tick=1 spreads the ticks.",
        reference: KernelPage.parameters
    ) { evidence in
        guard let quiet = evidence.quiet, !quiet.isSubset(of: evidence.tickless) else { return [] }
        let value = evidence.bootOption("skew_tick")
        if value == "1" { return [.ok("skew_tick=1 spreads the ticks")] }
        guard value != nil || evidence.host.isRealtime || evidence.host.online.count >= 16 else { return [] }
        return [
            .note(
                "all CPUs tick at the same moment", wanted: "skew_tick=1",
                fix: Remedy.booting(with: "skew_tick=1", on: evidence))
        ]
    }
}

extension Evidence {
    fileprivate static let clock = "devices/system/clocksource/clocksource0/"

    /// How many NUMA nodes a machine may have, for its kernel to trust the counter that its processor vouches for.
    fileprivate var trustedNodes: Int {
        host.kernel >= KernelVersion(6, 3) ? 4 : host.kernel >= KernelVersion(5, 16) ? 2 : 0
    }

    /// The CPUs that run no timers of others because they are in no scheduling domain (`tmigr_isolated_exclude_cpumask`, 6.19).
    fileprivate var untimed: CPUSet {
        guard host.kernel >= KernelVersion(6, 19) else { return [] }
        return value(.cpuset, "cpuset.cpus.isolated").flatMap { CPUSet(kernelList: $0) } ?? []
    }

    fileprivate var clockSource: String? { value(.sys, Self.clock + "current_clocksource") }
}
