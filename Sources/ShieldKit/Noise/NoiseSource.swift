// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// One independent part of keeping shielded CPUs quiet, which `--with`, `--without` and the configuration switch.
///
/// What each costs and how to see it is told in `docs/noise.md`.
package enum NoiseSource: String, Hashable, Sendable, Codable, CaseIterable {
    /// Interrupts go to housekeeping CPUs (`/proc/irq`).
    case irqs
    /// A running irqbalance is told to leave the shielded CPUs alone.
    case irqbalance
    /// Unbound work queues and writeback run on housekeeping CPUs.
    case workqueues
    /// Movable kernel threads run on housekeeping CPUs.
    case kernelThreads = "kernel-threads"
    /// Received packets are not steered to shielded CPUs (RPS).
    case rps
    /// Transmit queues do not belong to shielded CPUs (XPS).
    case xps
    /// Timers of idle housekeeping CPUs do not move to busy shielded ones (`kernel.timer_migration`).
    case timerMigration = "timer-migration"
    /// Statistics of virtual memory are folded every 10 s, not every second (`vm.stat_interval`).
    case vmstat
    /// The lockup watchdog leaves the shielded CPUs alone (`kernel.watchdog_cpumask`).
    case watchdog
    /// The watchdog gives back its performance counter, on every CPU (`kernel.nmi_watchdog`).
    case nmiWatchdog = "nmi-watchdog"
    /// Corrected hardware errors are not polled for, on any CPU (`check_interval`).
    case machineCheck = "machine-check"
    /// Shielded CPUs do not enter idle states that take long to leave (`pm_qos_resume_latency_us`).
    case resumeLatency = "resume-latency"
    /// No CPU enters such states while `rtshield watch` runs (`/dev/cpu_dma_latency`).
    case dmaLatency = "dma-latency"
    /// Shielded CPUs run at their highest frequency (`scaling_governor`).
    case governor
    /// Huge pages are only made where programs ask for them.
    case hugePages = "huge-pages"
    /// Equal pages are not looked for (`ksm`).
    case ksm
    /// Pages are not moved between NUMA nodes (`kernel.numa_balancing`).
    case numaBalancing = "numa-balancing"
    /// Real-time tasks may use all of a CPU's time (`kernel.sched_rt_runtime_us`).
    case realtimeThrottling = "rt-throttling"

    /// What a shield has unless it is told otherwise: everything that costs housekeeping next to nothing and trades no safety.
    package static let defaults: Set<NoiseSource> = [
        .irqs, .irqbalance, .workqueues, .kernelThreads, .rps, .timerMigration, .vmstat, .watchdog,
    ]
}

extension NoiseSource: Comparable {
    package static func < (left: NoiseSource, right: NoiseSource) -> Bool { left.rank < right.rank }

    private var rank: Int { NoiseSource.allCases.firstIndex(of: self) ?? 0 }
}

extension NoiseSource {
    /// Why a value is written, in words that stand alone.
    package var why: String {
        switch self {
        case .irqs: "interrupts stay off the shield"
        case .irqbalance: "irqbalance leaves the shield alone"
        case .workqueues: "unbound work stays off the shield"
        case .kernelThreads: "kernel threads stay off the shield"
        case .rps: "received packets are not handled on the shield"
        case .xps: "transmit queues are not served by the shield"
        case .timerMigration: "timers of idle CPUs do not move to busy ones"
        case .vmstat: "statistics are folded less often"
        case .watchdog: "the lockup watchdog leaves the shield alone"
        case .nmiWatchdog: "no performance counter interrupts for the watchdog"
        case .machineCheck: "corrected errors are not polled for"
        case .resumeLatency: "shielded CPUs wake without delay"
        case .dmaLatency: "no CPU sleeps deeply"
        case .governor: "shielded CPUs keep their highest frequency"
        case .hugePages: "pages are not collapsed behind a program's back"
        case .ksm: "pages are not merged behind a program's back"
        case .numaBalancing: "pages are not unmapped to see who uses them"
        case .realtimeThrottling: "real-time tasks are never held back"
        }
    }

    /// What a person should know before they ask for an attribute; nil for one that trades nothing but a little speed elsewhere.
    package var warning: String? {
        switch self {
        case .realtimeThrottling:
            "without rt-throttling a real-time task that never sleeps takes its CPU for ever, kernel threads of that CPU included"
        case .machineCheck: "no CPU polls for corrected hardware errors; the log learns of them late or never"
        case .nmiWatchdog: "a CPU that hangs with interrupts off is not noticed any more, on the whole machine"
        case .dmaLatency: "no CPU of the machine sleeps deeply while 'rtshield watch' runs: more power, less turbo"
        default: nil
        }
    }
}
