// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// What tuned is told: its active profile, and the CPUs that this is to isolate.
struct Tuned: Sendable {
    /// A value of the profile's variables.
    struct Variable: Hashable, Sendable {
        var value: String
        /// Nil when the value is no CPU list: a function such as `${f:calc_isolated_cores:1}`, or a name.
        var cpus: CPUSet?
        /// A file and its line.
        var place: String
    }

    /// The profile, as `tuned-adm active` prints it.
    let profile: String
    /// `isolated_cores` of the profile's variables; nil when it has none.
    private(set) var isolated: Variable?
    /// Whether tuned changes settings by load while it runs.
    private(set) var isDynamic = false
    /// What cannot be read.
    private(set) var remarks: [RuleResult] = []

    /// Nil without an active profile.
    init?(_ files: HostFiles, possible: CPUSet) {
        var remarks: [RuleResult] = []
        let active = files.text(of: "/etc/tuned/active_profile", complaining: &remarks) ?? ""
        let words = active.split(whereSeparator: \.isWhitespace)
        guard !words.isEmpty || !remarks.isEmpty else { return nil }
        profile = words.joined(separator: " ")
        self.remarks = remarks
        // Several profiles may be active, of which the last one counts.
        for name in words.suffix(8) { readVariables(of: String(name), files, possible) }
        if let main = files.text(of: "/etc/tuned/tuned-main.conf", complaining: &self.remarks) {
            let word = Settings(main)["dynamic_tuning"]?.value.lowercased() ?? "0"
            isDynamic = ["1", "true", "yes", "on"].contains(word)
        }
    }

    /// The profiles that take CPUs away from everybody else.
    var isPartitioning: Bool {
        profile.split(separator: " ").contains { name in
            name.hasPrefix("cpu-partitioning") || name.hasPrefix("realtime")
                || name.hasPrefix("openshift-node-performance")
        }
    }

    private mutating func readVariables(of profile: String, _ files: HostFiles, _ possible: CPUSet) {
        // A profile's name is one of a directory, and nothing else.
        guard !profile.contains("/"), !profile.hasPrefix(".") else { return }
        let family = profile.hasPrefix("cpu-partitioning") ? "cpu-partitioning" : profile
        for path in ["/etc/tuned/\(family)-variables.conf", "/etc/tuned/\(profile)/tuned.conf"] {
            guard let text = files.text(of: path, complaining: &remarks),
                let setting = Settings(text).all.last(where: { $0.key == "isolated_cores" }), !setting.value.isEmpty
            else { continue }
            isolated = Variable(
                value: setting.value, cpus: CPUSet(cpuSpecification: setting.value, possible: possible),
                place: "\(path):\(setting.line)")
        }
    }
}

extension CPUSet {
    /// Reads what tuned, nova and libvirt call a CPU list: `4-12,^8` is all of 4 to 12 but 8; nil when it is none.
    init?(cpuSpecification text: String, possible: CPUSet) {
        var wanted: CPUSet = []
        var unwanted: CPUSet = []
        for item in text.split(separator: ",") {
            let words = item.filter { !$0.isWhitespace }
            let isLess = words.hasPrefix("^") || words.hasPrefix("!")
            guard let cpus = CPUSet(kernelList: isLess ? String(words.dropFirst()) : words) else { return nil }
            if isLess { unwanted.formUnion(cpus) } else { wanted.formUnion(cpus) }
        }
        self = wanted.subtracting(unwanted)
    }
}
