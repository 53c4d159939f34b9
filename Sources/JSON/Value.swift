// SPDX-License-Identifier: Apache-2.0

/// A value to write into a JSON text; one that was read from a text is a ``Node``.
package indirect enum Value: Hashable, Sendable {
    /// No value.
    case null
    /// True or false.
    case boolean(Bool)
    /// A whole number.
    case number(Int)
    /// A text, without quotes and escapes.
    case string(String)
    /// A list.
    case array([Value])
    /// Keys and values, in the order in which they are written.
    case object([Member])

    /// One key of an object and its value.
    package struct Member: Hashable, Sendable {
        /// The key's text, without quotes and escapes.
        package var key: String
        /// What belongs to the key.
        package var value: Value

        /// Makes a member.
        package init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }
}

extension Value {
    /// Whether it holds other values, or could.
    var isContainer: Bool {
        switch self {
        case .array, .object: true
        case .null, .boolean, .number, .string: false
        }
    }
}

// MARK: - Literals

extension Value: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension Value: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .number(value) }
}

extension Value: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) { self = .boolean(value) }
}

extension Value: ExpressibleByNilLiteral {
    package init(nilLiteral: ()) { self = .null }
}

extension Value: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: Value...) { self = .array(elements) }
}

extension Value: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, Value)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

extension Value {
    /// The value as a text of its own, on one line.
    package var text: String { text(.tight, indentation: nil) }

    /// The value as a text for people, with a line for each member.
    package var spreadText: String { text(.spread, indentation: []) }

    private func text(_ layout: Layout, indentation: [UInt8]?) -> String {
        var writer = Writer(layout)
        writer.write(self, indentation: indentation)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
