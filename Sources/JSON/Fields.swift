// SPDX-License-Identifier: Apache-2.0

internal import Text

/// An object of a document, whose fields are read by name; one that is missing or null reads as nil.
///
/// Names are those of the document's own specification. Fields that nobody asks for are not looked at.
package struct Fields {
    let document: Document
    private let path: String
    /// The object itself.
    package let node: Node

    /// The fields of the whole document.
    ///
    /// - Throws: ``DocumentError`` when it is no object.
    package init(_ document: Document) throws(DocumentError) {
        try self.init(document, document.root, path: "")
    }

    init(_ document: Document, _ node: Node, path: String) throws(DocumentError) {
        guard case .object = node.content else {
            let subject = path.isEmpty ? "the text" : path
            throw document.error("\(subject): an object is wanted, and this is \(node.kind)", at: node)
        }
        self.document = document
        self.node = node
        self.path = path
    }

    /// A value as it is.
    package subscript(_ key: String) -> Node? {
        guard let value = node[key], value.content != .null else { return nil }
        return value
    }

    /// What messages call a field; a key that somebody else chose may hold anything.
    func name(_ key: String) -> String {
        guard key.utf8.count <= 40, key.utf8.allSatisfy(\.isPlain) else { return "\(path)[\(quoted(key))]" }
        return path.isEmpty ? key : "\(path).\(key)"
    }

    /// An error at a field, or at the object when it has no such field.
    package func error(_ message: String, at key: String) -> DocumentError {
        document.error("\(name(key)): \(message)", at: node[key] ?? node)
    }

    func wrongKind(_ wanted: String, at key: String) -> DocumentError {
        error("\(wanted) is wanted, and this is \(self[key]?.kind ?? "missing")", at: key)
    }
}

// MARK: - Scalars

extension Fields {
    /// A text, empty or not.
    package func string(_ key: String) throws(DocumentError) -> String? {
        guard let value = self[key] else { return nil }
        guard case .string(let text) = value.content else { throw wrongKind("a text", at: key) }
        return text
    }

    /// A text that stands for something else, which `reading` makes of it; where it cannot, the text "is no" `noun`.
    package func text<Value>(
        _ key: String, as noun: String, _ reading: (String) -> Value?
    ) throws(DocumentError) -> Value? {
        guard let text = try string(key) else { return nil }
        guard let value = reading(text) else { throw error("\(quoted(text)) is no \(noun)", at: key) }
        return value
    }

    /// A text without which the document says nothing.
    package func required(_ key: String) throws(DocumentError) -> String {
        guard let text = try string(key), !text.isEmpty else { throw error("a text is wanted here", at: key) }
        return text
    }

    /// A truth value.
    package func boolean(_ key: String) throws(DocumentError) -> Bool? {
        guard let value = self[key] else { return nil }
        guard case .boolean(let flag) = value.content else { throw wrongKind("true or false", at: key) }
        return flag
    }

    /// A whole number that fits the type.
    package func integer<Value: FixedWidthInteger>(
        _ key: String, as type: Value.Type = Value.self
    ) throws(DocumentError) -> Value? {
        guard let value = self[key] else { return nil }
        guard case .number(let text) = value.content else { throw wrongKind("a whole number", at: key) }
        if let number = Value(text) { return number }
        guard text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else {
            throw error("\(quoted(text)) is not a whole number", at: key)
        }
        throw error("\(quoted(text)) is out of range, \(Value.min) to \(Value.max)", at: key)
    }
}

extension Node {
    /// What a person calls it.
    var kind: String {
        switch content {
        case .null: "null"
        case .boolean: "true or false"
        case .number: "a number"
        case .string: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

extension UInt8 {
    /// Whether a key of such bytes needs no quotes in a message.
    fileprivate var isPlain: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
