// SPDX-License-Identifier: Apache-2.0

internal import JSON
import MachineKit
internal import Text

/// Reads the keys of a configuration by name; one that is missing, or empty, reads as nil.
///
/// Keys that nobody asks for are not looked at: the file is kubelet's.
struct ConfigurationReader {
    private let values: [String: ConfigurationValue]

    init(_ root: ConfigurationValue) throws(DocumentError) { values = try root.mapping(of: "the file") }

    /// The value of a key as it is.
    subscript(_ key: String) -> ConfigurationValue? { values[key] }
}

// MARK: - Single values

extension ConfigurationReader {
    /// A text; one without characters counts as missing, as it does for kubelet.
    func text(_ key: String) throws(DocumentError) -> KubeletSetting<String>? {
        try value(key, as: "text") { $0 }
    }

    /// A text that stands for something else, which `reading` makes of it; where it cannot, the text "is no" `noun`.
    func value<Value>(
        _ key: String, as noun: String, _ reading: (String) -> Value?
    ) throws(DocumentError) -> KubeletSetting<Value>? {
        guard let value = self[key], try !value.text(of: key).isEmpty else { return nil }
        return KubeletSetting(try value.value(of: key, as: noun, reading), from: value.origin)
    }

    func boolean(_ key: String) throws(DocumentError) -> KubeletSetting<Bool>? {
        guard let value = self[key] else { return nil }
        return KubeletSetting(try value.boolean(of: key), from: value.origin)
    }

    /// A list of texts.
    func texts(_ key: String) throws(DocumentError) -> KubeletSetting<[String]>? {
        guard let value = self[key] else { return nil }
        var texts: [String] = []
        for (index, item) in try value.items(of: key).enumerated() {
            texts.append(try item.text(of: "\(key)[\(index)]"))
        }
        return KubeletSetting(texts, from: value.origin)
    }
}

// MARK: - Values by key

extension ConfigurationReader {
    /// A mapping whose keys are anything; `reading` makes a value of each, and is given the name for errors.
    func settings<Value>(
        _ key: String, _ reading: (ConfigurationValue, String) throws(DocumentError) -> Value
    ) throws(DocumentError) -> [String: KubeletSetting<Value>]? {
        guard let value = self[key] else { return nil }
        var settings: [String: KubeletSetting<Value>] = [:]
        // In a fixed order, so that of several mistakes the same one is told each time.
        for (name, value) in try value.mapping(of: key).sorted(by: { $0.key < $1.key }) {
            settings[name] = KubeletSetting(try reading(value, "\(key)[\(quoted(name))]"), from: value.origin)
        }
        return settings
    }

    /// What nodes hold back for the system.
    func memoryReservations(_ key: String) throws(DocumentError) -> KubeletSetting<[MemoryReservation]>? {
        guard let value = self[key] else { return nil }
        var reservations: [MemoryReservation] = []
        for (index, item) in try value.items(of: key).enumerated() {
            let name = "\(key)[\(index)]"
            let values = try item.mapping(of: name)
            var reservation = MemoryReservation(node: 0, limits: [:])
            if let node = values["numaNode"] { reservation.node = try node.integer(of: "\(name).numaNode") }
            for (type, limit) in try values["limits"]?.mapping(of: "\(name).limits") ?? [:] {
                reservation.limits[type] = try limit.quantity(of: "\(name).limits[\(quoted(type))]")
            }
            reservations.append(reservation)
        }
        return KubeletSetting(reservations, from: value.origin)
    }
}

// Each takes the name by which an error calls the value.

extension ConfigurationValue {
    func text(of subject: String) throws(DocumentError) -> String {
        guard case .text(let text) = content else { throw wrongKind("a text", of: subject) }
        return text
    }

    /// A text that stands for something else, which `reading` makes of it; where it cannot, the text "is no" `noun`.
    func value<Value>(
        of subject: String, as noun: String, _ reading: (String) -> Value?
    ) throws(DocumentError) -> Value {
        let text = try text(of: subject)
        guard let value = reading(text) else { throw error("\(subject): \(quoted(text)) is no \(noun)") }
        return value
    }

    func boolean(of subject: String) throws(DocumentError) -> Bool {
        guard case .boolean(let flag) = content else { throw wrongKind("true or false", of: subject) }
        return flag
    }

    func integer(of subject: String) throws(DocumentError) -> Int {
        guard case .number(let text) = content else { throw wrongKind("a whole number", of: subject) }
        guard let number = Int(text) else { throw error("\(subject): \(quoted(text)) is not a whole number") }
        return number
    }

    /// An amount, which may stand there as a number too where kubelet's type for it is one.
    func quantity(of subject: String) throws(DocumentError) -> Quantity {
        var value = self
        if case .number(let text) = content { value.content = .text(text) }
        return try value.value(of: subject, as: "amount") { Quantity($0) }
    }

    func items(of subject: String) throws(DocumentError) -> [ConfigurationValue] {
        guard case .list(let items) = content else { throw wrongKind("a list", of: subject) }
        return items
    }

    /// The values of a mapping; those that are empty are left out.
    func mapping(of subject: String) throws(DocumentError) -> [String: ConfigurationValue] {
        guard case .mapping(let values) = content else { throw wrongKind("a mapping", of: subject) }
        return values.filter { if case .null = $0.value.content { false } else { true } }
    }
}
