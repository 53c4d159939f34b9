// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

/// What kind of CPUs an x86 machine has, from `/sys/devices/system/cpu/modalias`.
///
/// `/proc/cpuinfo` says it too, and interrupts each CPU to ask for its frequency.
struct Processor {
    enum Vendor: String {
        case intel = "0000"
        case amd = "0002"
        case hygon = "0009"
    }

    /// The maker; nil for one that no rule is about.
    let vendor: Vendor?
    /// The numbers of its features, as `arch/x86/include/asm/cpufeatures.h` has them.
    private let features: Set<Substring>

    /// Reads `cpu:type:x86,ven0000fam0006mod0055:feature:,0000,0001,…`; nil when it is no x86 or does not say.
    init?(on evidence: Evidence) {
        guard let text = evidence.value(.sys, "devices/system/cpu/modalias"), text.hasPrefix("cpu:type:x86,ven") else {
            return nil
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        vendor = Vendor(rawValue: String(parts[2].dropFirst("x86,ven".count).prefix(4)))
        features = Set(parts.last?.split(separator: ",") ?? [])
    }

    /// Whether the time stamp counter runs at one speed, also while the CPU sleeps, and says when firmware changed it.
    var hasTrustedCounter: Bool {
        // X86_FEATURE_CONSTANT_TSC, X86_FEATURE_NONSTOP_TSC, X86_FEATURE_TSC_ADJUST
        features.isSuperset(of: ["0068", "0078", "0121"])
    }
}

extension Rule {
    static let splitCores = Rule(
        "smt-split", .kernel,
        title: "No core is shared by a quiet CPU and one that is not",
        why:
            "Two hardware threads of a core share its execution units and caches: a program on one slows down the other, "
            + "whatever the scheduler does.",
        reference: KernelPage.threadControl
    ) { evidence in
        guard let quiet = evidence.quiet else { return [] }
        let splits = evidence.host.topology.splitCores(by: quiet)
        guard !splits.isEmpty else { return [] }
        let pairs = splits.prefix(4).map { "\($0.inside) with \($0.outside)" }.joined(separator: ", ")
        let rest = splits.count > 4 ? " and \(splits.count - 4) more" : ""
        let grown = quiet.union(CPUSet(splits.map(\.outside)))
        let whole = evidence.host.online.isSubset(of: grown) ? quiet.subtracting(CPUSet(splits.map(\.inside))) : grown
        return [
            .warning(
                "quiet CPUs share a core with others: \(pairs)\(rest)",
                wanted: whole.isEmpty ? "whole cores" : "whole cores, such as \(whole)",
                fix: evidence.intent?.source == .kubelet
                    ? "reservedSystemCPUs with whole cores, and full-pcpus-only, in kubelet's configuration"
                    : "rtshield create --cores COUNT, or echo 0 > /sys/devices/system/cpu/cpuN/online for the others")
        ]
    }

    static let sharedCores = Rule(
        "smt", .kernel,
        title: "Programs on quiet CPUs do not share a core with each other",
        why:
            "Two programs on the hardware threads of one core delay each other; a real-time program needs the core for "
            + "itself.",
        reference: KernelPage.threadControl
    ) { evidence in
        guard let quiet = evidence.quiet else { return [] }
        let pairs = quiet.filter { evidence.host.topology.core(of: $0).intersection(quiet).count > 1 }
        if pairs.isEmpty {
            let isOff = ["off", "forceoff"].contains(evidence.value(.sys, "devices/system/cpu/smt/control"))
            return isOff ? [.ok("SMT is off")] : []
        }
        return [
            .note(
                "both threads of cores are in \(CPUSet(pairs))", wanted: "one program per core if microseconds matter",
                fix: "rtshield create --cores COUNT --smt off, or nosmt at boot")
        ]
    }

    static let governor = Rule(
        "governor", .kernel,
        title: "Quiet CPUs keep their frequency",
        why:
            "A CPU pauses when it changes its frequency, and a low frequency slows programs down: other governors lower "
            + "the frequency while the program waits.",
        reference: KernelPage.frequencies
    ) { evidence in
        guard let quiet = evidence.quiet else { return [] }
        var others: [String: CPUSet] = [:]
        for cpu in quiet {
            guard let name = evidence.value(.sys, "devices/system/cpu/cpu\(cpu)/cpufreq/scaling_governor") else {
                continue
            }
            others[name, default: []].insert(cpu)
        }
        guard !others.isEmpty else { return [] }
        guard others.count > 1 || others["performance"] == nil else {
            return [.ok("quiet CPUs have the governor performance")]
        }
        others["performance"] = nil
        return others.sorted { ($0.value.first ?? 0) < ($1.value.first ?? 0) }.map { name, cpus in
            evidence.disturbance(.governor, "\(cpus.title): the governor is \(name)", wanted: "performance")
        }
    }

    static let turbo = Rule(
        "turbo", .kernel,
        title: "The frequency of quiet CPUs does not depend on others",
        why:
            "With turbo the frequency of a core depends on the heat and the load of its neighbours. Without turbo a "
            + "program is slower, but its speed is constant.",
        reference: KernelPage.frequencies
    ) { evidence in
        guard evidence.quiet != nil else { return [] }
        let files = [("intel_pstate/no_turbo", "1"), ("cpufreq/boost", "0")]
        for (file, off) in files {
            let path = "devices/system/cpu/" + file
            guard let value = evidence.value(.sys, path), ["0", "1"].contains(value) else { continue }
            if value == off { return [.ok("turbo is off")] }
            return [
                .note(
                    "turbo is on", wanted: "off if constant run times matter more than short ones",
                    fix: "echo \(off) > /sys/\(path)")
            ]
        }
        return []
    }

    static let foreignDrivers = Rule(
        "cpu-vendor-options", .kernel,
        title: "Options for the CPUs of one vendor are given only on such CPUs",
        why:
            "intel_pstate= and intel_idle.max_cstate= have no effect on AMD CPUs, and amd_pstate= has none on Intel "
            + "CPUs: the intended setting is missing.",
        reference: KernelPage.parameters
    ) { evidence in
        guard let vendor = Processor(on: evidence)?.vendor else { return [] }
        let foreign = vendor == .intel ? ["amd_pstate"] : ["intel_pstate", "intel_idle.max_cstate"]
        return foreign.compactMap { name in
            guard let value = evidence.bootOption(name) else { return nil }
            return .note(
                "\(name)=\(value) does nothing on this processor",
                wanted: vendor == .intel ? "intel_pstate=" : "amd_pstate=",
                fix: Remedy.booting(without: "\(name)=\(value)", on: evidence))
        }
    }
}
