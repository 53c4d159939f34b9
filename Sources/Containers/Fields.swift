// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Spelling

/// An object of a document, whose fields are read by name; one that is missing or null reads as nil.
///
/// Names are those of the OCI runtime specification. Fields that nobody asks for are not looked at.
struct Fields {
    private let document: Document
    private let path: String
    let node: Node

    /// The fields of the whole document.
    init(_ document: Document) throws(DocumentError) {
        try self.init(document, document.root, path: "")
    }

    private init(_ document: Document, _ node: Node, path: String) throws(DocumentError) {
        guard case .object = node.content else {
            let subject = path.isEmpty ? "the text" : path
            throw document.error("\(subject): an object is wanted, and this is \(node.kind)", at: node)
        }
        self.document = document
        self.node = node
        self.path = path
    }

    /// A value as it is.
    subscript(_ key: String) -> Node? {
        guard let value = node[key], value.content != .null else { return nil }
        return value
    }

    private func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func error(_ message: String, at key: String) -> DocumentError {
        document.error("\(name(key)): \(message)", at: node[key] ?? node)
    }

    private func wrongKind(_ wanted: String, at key: String) -> DocumentError {
        error("\(wanted) is wanted, and this is \(self[key]?.kind ?? "missing")", at: key)
    }
}

// MARK: - Scalars

extension Fields {
    func string(_ key: String) throws(DocumentError) -> String? {
        guard let value = self[key] else { return nil }
        guard case .string(let text) = value.content else { throw wrongKind("a text", at: key) }
        return text
    }

    /// A text without which the document says nothing.
    func required(_ key: String) throws(DocumentError) -> String {
        guard let text = try string(key), !text.isEmpty else { throw error("a text is wanted here", at: key) }
        return text
    }

    func boolean(_ key: String) throws(DocumentError) -> Bool? {
        guard let value = self[key] else { return nil }
        guard case .boolean(let flag) = value.content else { throw wrongKind("true or false", at: key) }
        return flag
    }

    func integer<Value: FixedWidthInteger>(
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

// MARK: - Lists and objects

extension Fields {
    func object(_ key: String) throws(DocumentError) -> Fields? {
        guard let value = self[key] else { return nil }
        return try Fields(document, value, path: name(key))
    }

    private func items(_ key: String) throws(DocumentError) -> [Node] {
        guard let value = self[key] else { return [] }
        guard case .array(let items) = value.content else { throw wrongKind("a list", at: key) }
        return items
    }

    func objects(_ key: String) throws(DocumentError) -> [Fields] {
        var objects: [Fields] = []
        for (index, item) in try items(key).enumerated() {
            objects.append(try Fields(document, item, path: "\(name(key))[\(index)]"))
        }
        return objects
    }

    func strings(_ key: String) throws(DocumentError) -> [String] {
        var strings: [String] = []
        for (index, item) in try items(key).enumerated() {
            guard case .string(let text) = item.content else {
                throw document.error("\(name(key))[\(index)]: a text is wanted, and this is \(item.kind)", at: item)
            }
            strings.append(text)
        }
        return strings
    }

    /// An object whose keys are anything and whose values are texts.
    func texts(_ key: String) throws(DocumentError) -> [String: String] {
        guard let object = try object(key) else { return [:] }
        var texts: [String: String] = [:]
        for member in object.members {
            guard case .string(let text) = member.value.content else {
                let name = "\(name(key))[\(quoted(member.key))]"
                throw document.error("\(name): a text is wanted, and this is \(member.value.kind)", at: member.value)
            }
            texts[member.key] = text
        }
        return texts
    }

    /// An object whose keys are anything and whose values are objects.
    func objects(byKey key: String) throws(DocumentError) -> [(key: String, fields: Fields)] {
        guard let object = try object(key) else { return [] }
        var objects: [(key: String, fields: Fields)] = []
        for member in object.members {
            objects.append(
                (member.key, try Fields(document, member.value, path: "\(name(key))[\(quoted(member.key))]")))
        }
        return objects
    }

    var members: [Node.Member] {
        if case .object(let members) = node.content { members } else { [] }
    }
}

extension Node {
    /// What a person calls it.
    fileprivate var kind: String {
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
