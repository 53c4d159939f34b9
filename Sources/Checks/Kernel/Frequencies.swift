// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let governor = Rule(
        "governor", .kernel,
        title: "Quiet CPUs keep their frequency",
        why:
            "A CPU that changes its frequency pauses, and a slow one is slow: other governors lower it when "
            + "the program waits.",
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
            "With turbo the frequency of a core follows the heat and the load of its neighbours. Without it a "
            + "program is slower, and always equally slow.",
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
                    "turbo is on", wanted: "off where equal times count more than short ones",
                    fix: "echo \(off) > /sys/\(path)")
            ]
        }
        return []
    }

    static let foreignDrivers = Rule(
        "cpu-vendor-options", .kernel,
        title: "Options for CPUs of a maker are given where there are such CPUs",
        why:
            "intel_pstate= and intel_idle.max_cstate= mean nothing on CPUs of AMD, nor amd_pstate= on those "
            + "of Intel: what they were to do is not done.",
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
