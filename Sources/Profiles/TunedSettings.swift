// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

/// A profile of tuned's that carries the kernel arguments, on top of one that tuned ships.
package struct TunedSettings: Hashable, Sendable {
    /// One line of a section.
    package struct Option: Hashable, Sendable {
        package var name: String
        package var value: String
    }

    /// The name that it is activated by.
    package static let name = "rtshield"

    /// The profiles that it builds on, as `include=` has them.
    package var parents: String
    /// The file that the parents read variables from; nil where they take them from this profile.
    package var variablesFile: String?
    package var variables: [Option]
    /// Arguments of the kernel that the parents do not give themselves.
    package var arguments: [KernelArgument]
    private var profile: Profile

    init(profile: Profile, isolated: CPUSet, arguments: [KernelArgument]) {
        self.profile = profile
        let cores = Option(name: "isolated_cores", value: isolated.description)
        let managed = Option(name: "isolate_managed_irq", value: "Y")
        switch profile {
        case .plain: (parents, variablesFile, variables) = ("network-latency", nil, [])
        case .openshift: (parents, variablesFile, variables) = ("openshift-node,cpu-partitioning", nil, [cores])
        case .ovirt:
            (parents, variablesFile, variables) = ("realtime", Self.variablesFile("realtime"), [cores, managed])
        case .openstack:
            let parent = "realtime-virtual-host"
            (parents, variablesFile, variables) = (parent, Self.variablesFile(parent), [cores, managed])
        }
        self.arguments = arguments.filter { !profile.isGivenByTuned($0.name) }
    }

    private static func variablesFile(_ profile: String) -> String { "/etc/tuned/\(profile)-variables.conf" }
}

// MARK: - Text

extension TunedSettings {
    /// The sections of the profile, in order.
    var sections: [(name: String, options: [Option])] {
        let main = [
            Option(name: "summary", value: "CPUs for real-time work on \(profile.title)"),
            Option(name: "include", value: parents),
        ]
        let all =
            [("main", main), ("variables", variablesFile == nil ? variables : [])] + overrides + [("bootloader", boot)]
        return all.filter { !$0.1.isEmpty }
    }

    /// What the operator takes back of cpu-partitioning, so that CRI-O can move the interrupts of single pods.
    private var overrides: [(String, [Option])] {
        guard profile == .openshift else { return [] }
        return [
            ("irqbalance", [Option(name: "enabled", value: "false")]),
            (
                "scheduler",
                [
                    Option(name: "default_irq_smp_affinity", value: "ignore"),
                    Option(name: "irq_process", value: "false"),
                ]
            ),
        ]
    }

    /// Names that begin with cmdline add to the command line; one that a parent has takes that one's place.
    private var boot: [Option] {
        let line = "+" + arguments.commandLine
        guard profile == .openshift else { return [Option(name: "cmdline_rtshield", value: line)] }
        return ["initrd_remove_dir", "initrd_dst_img", "initrd_add_dir"].map { Option(name: $0, value: "") }
            + [Option(name: "cmdline_cpu_part", value: line)]
    }
}

// MARK: - Explanation

extension TunedSettings {
    /// Each setting explained.
    package var explained: [ExplainedSetting] {
        let link = Link.tuned(parents.split(separator: ",").last.map(String.init) ?? parents)
        let include = ExplainedSetting(
            name: "include", value: parents, does: "builds on what tuned ships", why: profile.tunedReason, link: link)
        let cores = variables.map { option in
            ExplainedSetting(
                name: option.name, value: option.value, does: option.does, why: option.why(variablesFile), link: link)
        }
        let line = ExplainedSetting(
            name: "cmdline", value: arguments.commandLine, does: "adds to the kernel's command line",
            why: "the parent gives the other arguments", link: link)
        return [include] + cores + [line]
    }
}

extension TunedSettings.Option {
    private var isCores: Bool { name == "isolated_cores" }

    fileprivate var does: String {
        isCores ? "says which CPUs are isolated" : "adds the flags managed_irq and domain to isolcpus="
    }

    fileprivate func why(_ file: String?) -> String {
        guard isCores else { return "managed interrupts stay on the isolated CPUs without it" }
        return file.map { "the parent reads \($0), and fails without it" } ?? "the parent fails without it"
    }
}

extension Profile {
    /// Whether the profile of tuned that this one builds on gives an argument in every version since 2.9.
    fileprivate func isGivenByTuned(_ argument: String) -> Bool {
        switch self {
        case .plain, .openshift: ["skew_tick"].contains(argument)
        case .ovirt: ["skew_tick", "isolcpus", "intel_pstate", "nosoftlockup"].contains(argument)
        case .openstack:
            ["skew_tick", "isolcpus", "intel_pstate", "nosoftlockup", "nohz", "nohz_full", "rcu_nocbs"].contains(
                argument)
        }
    }

    fileprivate var tunedReason: String {
        switch self {
        case .plain:
            "it sets idle states, governor, sysctls, and tsc=reliable; cpu-partitioning and realtime would also take the tasks of "
                + "containers off the CPUs that they asked for"
        case .openshift: "the operator's own profiles do; where a PerformanceProfile is used, it owns all of this"
        case .ovirt: "what oVirt's hosts for real time are given"
        case .openstack:
            "what Nova's hosts for real time are given; instances get realtime-virtual-guest, with their own CPUs"
        }
    }
}
