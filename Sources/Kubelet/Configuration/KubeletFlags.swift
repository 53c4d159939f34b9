// SPDX-License-Identifier: Apache-2.0

import MachineKit
internal import Text

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

extension KubeletConfiguration {
    /// Puts what arguments say in the place of what files say.
    mutating func apply(_ flags: KubeletFlags) throws(KubeletConfigurationError) {
        let reader = FlagReader(flags: flags)
        try applyCPUs(reader)
        try applyReservations(reader)
        reader.text("cgroup-driver", to: &cgroupDriver)
        reader.text("cgroup-root", to: &cgroupRoot)
        try reader.boolean("cgroups-per-qos", to: &cgroupsPerQOS)
        reader.text("root-dir", to: &rootDirectory)
        // What only files say about a feature stays.
        if let gates = try reader.pairs("feature-gates", { Bool(goText: $0) }, "truth value") {
            featureGates.merge(gates) { $1 }
        }
        reader.text("topology-manager-policy", to: &topologyManagerPolicy)
        reader.text("topology-manager-scope", to: &topologyManagerScope)
        reader.text("memory-manager-policy", to: &memoryManagerPolicy)
        if let reservations = try reader.memoryReservations("reserved-memory") { reservedMemory = reservations }
        if let eviction = try reader.pairs("eviction-hard", separator: "<", { $0 }, "text") { evictionHard = eviction }
    }

    private mutating func applyCPUs(_ reader: FlagReader) throws(KubeletConfigurationError) {
        reader.text("cpu-manager-policy", to: &cpuManagerPolicy)
        // kubelet takes one option an argument, so that a second one behind a comma is part of the first one's value.
        let options = try reader.pairs("cpu-manager-policy-options", isSplit: false, { $0 }, "text")
        cpuManagerPolicyOptions = options ?? cpuManagerPolicyOptions
        try reader.value("cpu-manager-reconcile-period", to: &cpuManagerReconcilePeriod, "length of time", Period.init)
        try reader.boolean("cpu-cfs-quota", to: &cpuCFSQuota)
        try reader.value("cpu-cfs-quota-period", to: &cpuCFSQuotaPeriod, "length of time", Period.init)
    }

    private mutating func applyReservations(_ reader: FlagReader) throws(KubeletConfigurationError) {
        try reader.value("reserved-cpus", to: &reservedSystemCPUs, "CPU list", CPUList.init)
        let noun = "amount that can be held back"
        systemReserved = try reader.pairs("system-reserved", Quantity.init(reserved:), noun) ?? systemReserved
        kubeReserved = try reader.pairs("kube-reserved", Quantity.init(reserved:), noun) ?? kubeReserved
        reader.text("system-reserved-cgroup", to: &systemReservedCgroup)
        reader.text("kube-reserved-cgroup", to: &kubeReservedCgroup)
        reader.list("enforce-node-allocatable", to: &enforceNodeAllocatable)
    }
}

/// Makes settings of kubelet's arguments; those that are not given leave a setting as it is.
struct FlagReader {
    let flags: KubeletFlags

    func text(_ name: String, to setting: inout KubeletSetting<String>) {
        if let text = flags[name] { setting = KubeletSetting(text, from: origin(name)) }
    }

    /// A list of texts with commas between them; all arguments together.
    func list(_ name: String, to setting: inout KubeletSetting<[String]>) {
        let values = flags.all(name)
        guard !values.isEmpty else { return }
        setting = KubeletSetting(values.flatMap { $0.split(separator: ",").map(String.init) }, from: origin(name))
    }

    func boolean(_ name: String, to setting: inout KubeletSetting<Bool>) throws(KubeletConfigurationError) {
        try value(name, to: &setting, "truth value") { Bool(goText: $0) }
    }

    /// A text that stands for something else, which `reading` makes of it; where it cannot, the text "is no" `noun`.
    func value<Value>(
        _ name: String, to setting: inout KubeletSetting<Value>, _ noun: String, _ reading: (String) -> Value?
    ) throws(KubeletConfigurationError) {
        guard let text = flags[name] else { return }
        guard let value = reading(text) else { throw error(name, "\(quoted(text)) is no \(noun)") }
        setting = KubeletSetting(value, from: origin(name))
    }

    /// Names with values, of all arguments together; nil when there is no argument.
    func pairs<Value>(
        _ name: String, separator: Character = "=", isSplit: Bool = true, _ reading: (String) -> Value?, _ noun: String
    ) throws(KubeletConfigurationError) -> [String: KubeletSetting<Value>]? {
        let values = flags.all(name)
        guard !values.isEmpty else { return nil }
        var pairs: [String: KubeletSetting<Value>] = [:]
        for pair in values.flatMap({ isSplit ? $0.split(separator: ",") : [$0[...]] }) {
            let (key, text) = try split(pair, at: separator, of: name)
            guard let value = reading(text) else { throw error(name, "\(quoted(text)) is no \(noun)") }
            pairs[key] = KubeletSetting(value, from: origin(name))
        }
        return pairs
    }

    /// Reservations such as `0:memory=1Gi,hugepages-2Mi=4Mi`, with semicolons between nodes.
    func memoryReservations(_ name: String) throws(KubeletConfigurationError) -> KubeletSetting<[MemoryReservation]>? {
        let values = flags.all(name)
        guard !values.isEmpty else { return nil }
        var reservations: [MemoryReservation] = []
        for item in values.flatMap({ $0.split(separator: ";") }) {
            let (node, limits) = try split(item, at: ":", of: name)
            guard let node = Int(node) else { throw error(name, "\(quoted(node)) is no NUMA node") }
            var reservation = MemoryReservation(node: node, limits: [:])
            for limit in limits.split(separator: ",") {
                let (type, amount) = try split(limit, at: "=", of: name)
                guard let quantity = Quantity(amount) else { throw error(name, "\(quoted(amount)) is no amount") }
                reservation.limits[type] = quantity
            }
            reservations.append(reservation)
        }
        return KubeletSetting(reservations, from: origin(name))
    }

    private func split(
        _ pair: Substring, at separator: Character, of name: String
    ) throws(KubeletConfigurationError) -> (String, String) {
        let parts = pair.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw error(name, "\(quoted(String(pair))) has no '\(separator)'") }
        return (String(parts[0].trimmingASCIISpace()), String(parts[1].trimmingASCIISpace()))
    }

    private func origin(_ name: String) -> Origin { .flag("--\(name)") }

    private func error(_ name: String, _ message: String) -> KubeletConfigurationError {
        .flag("--\(name)", message: message)
    }
}

extension Bool {
    /// Reads a truth value in one of the ways in which Go writes them.
    ///
    /// The Go function is `strconv.ParseBool`.
    init?(goText text: String) {
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": self = true
        case "0", "f", "F", "false", "FALSE", "False": self = false
        default: return nil
        }
    }
}
