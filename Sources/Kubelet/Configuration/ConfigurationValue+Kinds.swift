// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Text

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
