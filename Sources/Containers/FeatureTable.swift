// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

// The table of everything that a container may be granted. What asks for a feature, what limits it, what it writes and what
// it is called stand in its row; the annotations, the configuration, the ledger, `explain` and `ps` are read from here.

extension Feature: CaseIterable {
    /// The rows, in the order in which they are read, written and listed.
    package static let allCases = [
        irqs, kernelThreads, loadBalancing, quota, idleStates, governor, energyPerformance, realtime, cpus,
    ]
}

extension Feature {
    /// Interrupts leave its CPUs.
    package static let irqs = Feature(
        "irqs", AnnotationKey("irq-load-balancing.crio.io", ofContainer: .slash),
        accepts: .words(
            ["disable": .disable, "housekeeping": .housekeeping, "enable": .enable], formerly: ["true": .disable]),
        isConfigurable: true,
        explained: "no interrupts on its CPUs", listed: "no interrupts")

    /// Kernel threads that can be moved leave its CPUs.
    package static let kernelThreads = Feature(
        "kernel-threads", AnnotationKey("rtshield.io/kernel-threads"),
        accepts: .words(["disable": .disable, "enable": .enable]), isConfigurable: true,
        explained: "no movable kernel threads on its CPUs", listed: "no kernel threads")

    /// The scheduler balances no load over its CPUs.
    package static let loadBalancing = Feature(
        "load-balancing", AnnotationKey("cpu-load-balancing.crio.io", ofContainer: .slash),
        accepts: .words(["disable": .disable, "enable": .enable], formerly: ["true": .disable]),
        isConfigurable: true, isStrict: true, needsCgroup: true,
        explained: "no load balancing over its CPUs", listed: "not balanced")

    /// It has no quota.
    package static let quota = Feature(
        "quota", AnnotationKey("cpu-quota.crio.io", ofContainer: .slash),
        accepts: .words(["disable": .disable, "enable": .enable], formerly: ["true": .disable]),
        isConfigurable: true, needsCgroup: true,
        explained: "no quota", listed: "no quota")

    /// How deep its CPUs sleep, cpuidle(7) of the kernel's documentation.
    package static let idleStates = Feature(
        "idle-states", AnnotationKey("cpu-c-states.crio.io", ofContainer: .none),
        accepts: .text("are 'enable', 'disable' and 'max_latency:N' with microseconds from 1", resumeLatency),
        cpuFile: CPUFile(.resumeLatency, alsoOf: .resumeLatency),
        explained: "resume latency '%' for its CPUs", listed: "resume latency %")

    /// The frequency governor of its CPUs; which ones a machine has is only known on it.
    package static let governor = Feature(
        "governor", AnnotationKey("cpu-freq-governor.crio.io", ofContainer: .none),
        // CPUFREQ_NAME_LEN is 16, with a NUL byte.
        accepts: .name("a governor", such: "performance", longest: 15), isConfigurable: true,
        cpuFile: CPUFile(.governor, alsoOf: .governor),
        explained: "the governor '%' for its CPUs", listed: "governor %")

    /// What its CPUs prefer, energy or performance: Intel's with HWP, and AMD's from Linux 6.3 on.
    ///
    /// Behind the governor, because with `performance` there intel_pstate takes nothing else here (EBUSY). `default` is left
    /// out: what is read back is the preference that it stands for.
    package static let energyPerformance = Feature(
        "energy-performance", AnnotationKey("rtshield.io/energy-performance"),
        accepts: .values(["performance", "balance_performance", "balance_power", "power"]), isConfigurable: true,
        cpuFile: CPUFile(.energyPerformance),
        explained: "the energy-performance preference '%' for its CPUs", listed: "preference %")

    /// Real-time scheduling, which several annotations describe: see ``RealtimeRequest``.
    package static let realtime = Feature("realtime", isStrict: true)

    /// That others are kept off shielded CPUs, which no annotation asks for: see ``Allocation/housekeeping``.
    package static let cpus = Feature("cpus")

    /// What `pm_qos_resume_latency_us` holds for a word of CRI-O's.
    private static func resumeLatency(_ text: String) -> FeatureRequest? {
        let prefix = "max_latency:"
        if text == "enable" { return .value("0") }
        if text == "disable" { return .value("n/a") }
        guard text.hasPrefix(prefix), let latency = Int32(String(text.dropFirst(prefix.count))), latency > 0 else {
            return nil
        }
        return .value("\(latency)")
    }
}
