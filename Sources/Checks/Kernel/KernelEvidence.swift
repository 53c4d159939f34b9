// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

extension Evidence {
    /// The online CPUs that are meant to be quiet; nil where nobody means any to be.
    var quiet: CPUSet? {
        guard let cpus = intent?.cpus.intersection(host.online), !cpus.isEmpty else { return nil }
        return cpus
    }

    /// Reads a number; nil when the file is missing or holds something else.
    func number(_ tree: Tree, _ path: String) -> Int? { value(tree, path).flatMap { Int($0) } }

    /// The value of an option of the command line, empty for one without; nil when it was not given.
    func bootOption(_ name: String) -> String? { host.boot.value(of: name) }

    /// Judges a value that an attribute of a shield is about, and that disturbs the quiet CPUs.
    ///
    /// Where the shield has the attribute, it drifted; where it has not, somebody may want it.
    func disturbance(_ attribute: NoiseSource, _ what: String, wanted: String) -> RuleResult {
        guard let shield, shield.attributes.contains(attribute) else {
            return .note(what, wanted: wanted, fix: Remedy.giving(attribute, on: self))
        }
        return .warning(what, wanted: wanted, fix: "rtshield reconcile, and keep 'rtshield watch' running")
    }

    private static let cpuFiles = "devices/system/cpu/"

    /// The CPUs that the kernel itself says it isolated at boot; nil where it does not say.
    var grantedIsolated: CPUSet? { value(.sys, Self.cpuFiles + "isolated").flatMap { CPUSet(kernelList: $0) } }

    /// The CPUs whose tick the kernel itself says it stops; nil where it does not say.
    ///
    /// A kernel without `CONFIG_NO_HZ_FULL` has no such file, and stops none.
    var grantedTickless: CPUSet? {
        if let text = value(.sys, Self.cpuFiles + "nohz_full") { return CPUSet(kernelList: text) }
        return grantedIsolated == nil ? nil : []
    }

    /// The CPUs outside scheduling domains since boot, and not by a partition that came later.
    var bootIsolated: CPUSet {
        let asked = host.boot.isolatedCPUs
        return grantedIsolated?.intersection(asked) ?? asked
    }

    /// The CPUs whose tick stops while they run one task.
    var tickless: CPUSet { grantedTickless ?? host.boot.nohzFull }

    /// The CPUs whose RCU callbacks run elsewhere: those of `rcu_nocbs=`, and all without a tick.
    ///
    /// A list that is none stands for every CPU, and the bare option for no CPU. The C name is `rcu_nocb_setup`.
    var offloaded: CPUSet {
        guard let list = bootOption("rcu_nocbs") else { return tickless }
        let possible = host.topology.possible
        let asked = list.isEmpty ? [] : CPUSet(bootList: list, possible: possible) ?? possible
        return asked.union(tickless)
    }
}

/// What a kernel was built with, as distributions put it beside the kernel.
struct KernelConfiguration: Sendable {
    /// The options that rules ask for; there are ten thousand others.
    enum Option: String, CaseIterable {
        /// Groups of the cpu controller have budgets of real time.
        case realtimeGroups = "RT_GROUP_SCHED"
        /// The same, unless it is asked for at boot.
        case realtimeGroupsOff = "RT_GROUP_SCHED_DEFAULT_DISABLED"
    }

    /// Those that are `y`.
    private let enabled: Set<Option>

    /// Reads it for a release; nil when it is nowhere.
    init?(of release: String, _ files: HostFiles) {
        let places = [
            "/boot/config-\(release)", "/lib/modules/\(release)/config", "/usr/lib/modules/\(release)/config",
        ]
        // A release is part of a path here.
        guard !release.contains("/"),
            let bytes = places.lazy.compactMap({ try? files.bytes(of: $0) }).first
        else { return nil }
        let lines = Set(bytes.split(separator: UInt8(ascii: "\n")).filter { $0.starts(with: Self.prefix) })
        enabled = Set(Option.allCases.filter { lines.contains(Array("CONFIG_\($0.rawValue)=y".utf8)[...]) })
    }

    private static let prefix = Array("CONFIG_RT_GROUP".utf8)

    /// Whether an option is built in.
    func has(_ option: Option) -> Bool { enabled.contains(option) }
}
