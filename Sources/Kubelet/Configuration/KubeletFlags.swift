// SPDX-License-Identifier: Apache-2.0

/// The arguments of kubelet, as far as they concern CPUs.
///
/// `--a=b` and `--a b` are the same, and so are `--a_b` and `--a-b`; other arguments are ignored. An argument that kubelet does
/// not know ends it, which is not looked at here.
package struct KubeletFlags: Hashable, Sendable {
    /// The values of each argument, in their order; its name is without hyphens in front.
    private let values: [String: [String]]

    /// Reads arguments, with or without the name of the program in front.
    package init(_ arguments: [String]) {
        var values: [String: [String]] = [:]
        var rest = arguments[...]
        while let argument = rest.popFirst(), argument != "--" {
            guard argument.hasPrefix("--") else { continue }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0].map { $0 == "_" ? "-" : $0 })
            if parts.count == 2 {
                values[name, default: []].append(String(parts[1]))
            } else if Self.switches.contains(name) {
                values[name, default: []].append("true")
            } else if Self.names.contains(name), let value = rest.popFirst() {
                values[name, default: []].append(value)
            }
        }
        self.values = values.filter { Self.switches.contains($0.key) || Self.names.contains($0.key) }
    }

    /// The arguments that need no value.
    private static let switches: Set<String> = ["cgroups-per-qos", "cpu-cfs-quota"]
    /// The arguments that take a value.
    private static let names: Set<String> = [
        "cgroup-driver", "cgroup-root", "config", "config-dir", "cpu-cfs-quota-period", "cpu-manager-policy",
        "cpu-manager-policy-options", "cpu-manager-reconcile-period", "enforce-node-allocatable", "eviction-hard",
        "feature-gates", "kube-reserved", "kube-reserved-cgroup", "memory-manager-policy", "reserved-cpus",
        "reserved-memory", "root-dir", "system-reserved", "system-reserved-cgroup", "topology-manager-policy",
        "topology-manager-scope",
    ]
}

extension KubeletFlags {
    /// All values of an argument, in their order.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// The value of an argument that counts: the last.
    subscript(_ name: String) -> String? { values[name]?.last }

    /// The path of kubelet's file; nil when it has none.
    package var configurationPath: String? { path("config") }
    /// The directory of the drop-ins; nil when there is none.
    package var dropInDirectory: String? { path("config-dir") }
    /// The directory with kubelet's state files; nil for its default.
    package var rootDirectory: String? { path("root-dir") }

    private func path(_ name: String) -> String? { self[name].flatMap { $0.isEmpty ? nil : $0 } }
}
