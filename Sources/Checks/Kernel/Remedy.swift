// SPDX-License-Identifier: Apache-2.0

import Configuration
import MachineKit
import Reports
import ShieldKit

/// The lines that mend what rules of the kernel find.
enum Remedy {
    /// Has the kernel booted with another argument, by the means that the machine has for it.
    static func booting(with argument: String, on evidence: Evidence) -> String {
        changing("--args", "add \(argument) to", argument, on: evidence)
    }

    /// Has the kernel booted without an argument.
    static func booting(without argument: String, on evidence: Evidence) -> String {
        changing("--remove-args", "remove \(argument) from", argument, on: evidence)
    }

    /// Has the kernel booted without an option, whatever its value is.
    static func omitting(_ option: String, on evidence: Evidence) -> String {
        booting(without: "\(option)=\(evidence.bootOption(option) ?? "")", on: evidence)
    }

    /// Has the kernel booted with another value of an option that it has.
    static func replacing(_ option: String, with argument: String, on evidence: Evidence) -> String {
        let value = evidence.bootOption(option) ?? ""
        let old = value.isEmpty ? option : "\(option)=\(value)"
        if evidence.files.exists("/usr/sbin/grubby") {
            return "grubby --update-kernel=ALL --remove-args='\(old)' --args='\(argument)', then reboot"
        }
        if evidence.files.exists("/etc/default/grub") {
            return "replace \(old) with \(argument) in /etc/default/grub, then update-grub, and reboot"
        }
        return "replace \(old) with \(argument) in the configuration of the boot loader, and reboot"
    }

    private static func changing(_ option: String, _ verb: String, _ argument: String, on evidence: Evidence) -> String
    {
        if evidence.files.exists("/usr/sbin/grubby") {
            return "grubby --update-kernel=ALL \(option)='\(argument)', then reboot"
        }
        if evidence.files.exists("/etc/default/grub") {
            return "\(verb) GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub, and reboot"
        }
        return "\(verb) the kernel's command line in the configuration of the boot loader, and reboot"
    }

    /// Sets a value of `/proc/sys` now and at each boot.
    static func setting(_ name: String, to value: String) -> String {
        "sysctl -w \(name)=\(value), and the line '\(name) = \(value)' in /etc/sysctl.d/99-quiet.conf"
    }

    /// Has an attribute of the shield that is meant.
    static func giving(_ attribute: NoiseSource, on evidence: Evidence) -> String {
        guard let intent = evidence.intent, intent.source != .kubelet else {
            // There may be no shield where kubelet gives out the CPUs.
            return attribute.byHand(quiet: evidence.quiet ?? [], housekeeping: evidence.housekeeping)
        }
        if let request = evidence.configuration?.shield {
            return
                (request.attributes.contains(attribute)
                ? "" : "add \(attribute.rawValue) to 'with' below 'shield' in \(Configuration.path), then ")
                + "rtshield apply"
        }
        return ShieldCommand(intent.cpus, evidence.shield).text(with: attribute)
    }
}

extension NoiseSource {
    /// How a person does what the attribute does.
    fileprivate func byHand(quiet: CPUSet, housekeeping: CPUSet) -> String {
        switch self {
        case .irqs: "echo \(housekeeping.mask) > /proc/irq/default_smp_affinity, and to each /proc/irq/N/smp_affinity"
        case .irqbalance: "IRQBALANCE_BANNED_CPULIST=\(quiet) in the environment of irqbalance"
        case .workqueues: "echo \(housekeeping.mask) > /sys/devices/virtual/workqueue/cpumask"
        case .kernelThreads: "taskset -pc \(housekeeping) THREAD, for each kernel thread that may move"
        case .rps: "write \(housekeeping.mask) to each /sys/class/net/*/queues/rx-*/rps_cpus"
        case .xps: "write \(housekeeping.mask) to each /sys/class/net/*/queues/tx-*/xps_cpus"
        case .timerMigration: Remedy.setting("kernel.timer_migration", to: "0")
        case .vmstat: Remedy.setting("vm.stat_interval", to: "10")
        case .watchdog: Remedy.setting("kernel.watchdog_cpumask", to: "\(housekeeping)")
        case .nmiWatchdog: Remedy.setting("kernel.nmi_watchdog", to: "0")
        case .machineCheck: "echo 0 > /sys/devices/system/machinecheck/machinecheck0/check_interval"
        case .resumeLatency: "write n/a to power/pm_qos_resume_latency_us of \(quiet.title), in /sys/devices/system/cpu"
        case .dmaLatency: "keep /dev/cpu_dma_latency open with 0 written to it"
        case .governor: "cpupower -c \(quiet) frequency-set -g performance"
        case .hugePages: "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled"
        case .ksm: "echo 0 > /sys/kernel/mm/ksm/run"
        case .numaBalancing: Remedy.setting("kernel.numa_balancing", to: "0")
        case .realtimeThrottling: Remedy.setting("kernel.sched_rt_runtime_us", to: "-1")
        }
    }
}

/// The command that makes a shield, or keeps the one that stands as it is but for one attribute.
struct ShieldCommand {
    private let cpus: CPUSet
    private let shield: Shield?

    /// - Parameters:
    ///   - cpus: The CPUs to shield.
    ///   - shield: The shield that stands; nil without one.
    init(_ cpus: CPUSet, _ shield: Shield?) {
        self.cpus = cpus
        self.shield = shield
    }

    /// The command with one more attribute.
    func text(with attribute: NoiseSource) -> String {
        let wanted = Set(shield?.attributes ?? NoiseSource.defaults.sorted()).union([attribute])
        let words =
            ["rtshield create --cpus \(cpus)"] + placement + partitions
            + list("--with", wanted.subtracting(NoiseSource.defaults))
            + list("--without", NoiseSource.defaults.subtracting(wanted))
            + (shield?.irqRules ?? []).map { "--irq '\($0.pattern)=\($0.cpus)'" }
        return words.joined(separator: " ")
    }

    private func list(_ option: String, _ attributes: Set<NoiseSource>) -> [String] {
        let names = attributes.sorted().map(\.rawValue).joined(separator: ",")
        return names.isEmpty ? [] : ["\(option) \(names)"]
    }

    private var placement: [String] {
        switch shield?.placement {
        case .pool(balanced: true): ["--exclusive"]
        case .pool(balanced: false): ["--isolated"]
        case .open, nil: []
        }
    }

    /// Those that do not share the whole shield.
    private var partitions: [String] {
        (shield?.partitions ?? []).filter { $0.cpus != cpus }.map { partition in
            switch partition.name {
            case Partition.processes: "--user-cpus \(partition.cpus)"
            case Partition.containers: "--docker-cpus \(partition.cpus)"
            default: "--partition \(partition.name)=\(partition.cpus)"
            }
        }
    }
}
