// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// The CPUs that OpenStack's nova gives to guests on this machine.
struct NovaSettings: Sendable {
    /// One setting.
    struct Setting: Hashable, Sendable {
        var key: String
        var value: String
        /// Nil when the value is no CPU list.
        var cpus: CPUSet?
        /// A file and its line.
        var place: String
    }

    static let path = "/etc/nova/nova.conf"

    /// The CPUs of guests whose CPUs are pinned.
    private(set) var dedicated: Setting?
    /// The CPUs of all other guests.
    private(set) var shared: Setting?
    /// What cannot be read.
    private(set) var remarks: [RuleResult] = []

    init(_ files: HostFiles, possible: CPUSet) {
        guard let text = files.text(of: Self.path, complaining: &remarks) else { return }
        let settings = Settings(text)
        let setting = { (key: String, section: String) -> Setting? in
            guard let found = settings[key, in: section], !found.value.isEmpty else { return nil }
            return Setting(
                key: key, value: found.value, cpus: CPUSet(cpuSpecification: found.value, possible: possible),
                place: "\(Self.path):\(found.line)")
        }
        // Until Train one setting was for both.
        dedicated = setting("cpu_dedicated_set", "compute") ?? setting("vcpu_pin_set", "DEFAULT")
        shared = setting("cpu_shared_set", "compute")
    }
}
