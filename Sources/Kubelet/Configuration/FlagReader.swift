// SPDX-License-Identifier: Apache-2.0

import MachineKit
internal import Text

/// Makes settings of kubelet's arguments; those that are not given leave a setting as it is.
struct FlagReader {
    let flags: KubeletFlags

    func text(_ name: String, to setting: inout Setting<String>) {
        if let text = flags[name] { setting = Setting(text, from: origin(name)) }
    }

    /// A list of texts with commas between them; all arguments together.
    func list(_ name: String, to setting: inout Setting<[String]>) {
        let values = flags.all(name)
        guard !values.isEmpty else { return }
        setting = Setting(values.flatMap { $0.split(separator: ",").map(String.init) }, from: origin(name))
    }

    func boolean(_ name: String, to setting: inout Setting<Bool>) throws(KubeletConfigurationError) {
        try value(name, to: &setting, "truth value") { Bool(goText: $0) }
    }

    /// A text that stands for something else, which `reading` makes of it; where it cannot, the text "is no" `noun`.
    func value<Value>(
        _ name: String, to setting: inout Setting<Value>, _ noun: String, _ reading: (String) -> Value?
    ) throws(KubeletConfigurationError) {
        guard let text = flags[name] else { return }
        guard let value = reading(text) else { throw error(name, "\(quoted(text)) is no \(noun)") }
        setting = Setting(value, from: origin(name))
    }

    /// Names with values, of all arguments together; nil when there is no argument.
    func pairs<Value>(
        _ name: String, separator: Character = "=", isSplit: Bool = true, _ reading: (String) -> Value?, _ noun: String
    ) throws(KubeletConfigurationError) -> [String: Setting<Value>]? {
        let values = flags.all(name)
        guard !values.isEmpty else { return nil }
        var pairs: [String: Setting<Value>] = [:]
        for pair in values.flatMap({ isSplit ? $0.split(separator: ",") : [$0[...]] }) {
            let (key, text) = try split(pair, at: separator, of: name)
            guard let value = reading(text) else { throw error(name, "\(quoted(text)) is no \(noun)") }
            pairs[key] = Setting(value, from: origin(name))
        }
        return pairs
    }

    /// Reservations such as `0:memory=1Gi,hugepages-2Mi=4Mi`, with semicolons between nodes.
    func memoryReservations(_ name: String) throws(KubeletConfigurationError) -> Setting<[MemoryReservation]>? {
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
        return Setting(reservations, from: origin(name))
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
