// SPDX-License-Identifier: Apache-2.0

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
