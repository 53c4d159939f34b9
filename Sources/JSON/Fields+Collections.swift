// SPDX-License-Identifier: Apache-2.0

internal import Text

// Lists and objects of objects, and those whose keys are anything.

extension Fields {
    /// An object.
    package func object(_ key: String) throws(DocumentError) -> Fields? {
        guard let value = self[key] else { return nil }
        return try Fields(document, value, path: name(key))
    }

    private func items(_ key: String) throws(DocumentError) -> [Node] {
        guard let value = self[key] else { return [] }
        guard case .array(let items) = value.content else { throw wrongKind("a list", at: key) }
        return items
    }

    /// A list of objects.
    package func objects(_ key: String) throws(DocumentError) -> [Fields] {
        try objects(in: items(key), named: name(key))
    }

    private func objects(in items: [Node], named name: String) throws(DocumentError) -> [Fields] {
        var objects: [Fields] = []
        for (index, item) in items.enumerated() {
            objects.append(try Fields(document, item, path: "\(name)[\(index)]"))
        }
        return objects
    }

    /// All fields, whose keys are anything and whose values are lists of objects.
    package func objectLists() throws(DocumentError) -> [(key: String, objects: [Fields])] {
        var lists: [(key: String, objects: [Fields])] = []
        for member in members {
            guard case .array(let items) = member.value.content else {
                let message = "\(name(member.key)): a list is wanted, and this is \(member.value.kind)"
                throw document.error(message, at: member.value)
            }
            lists.append((member.key, try objects(in: items, named: name(member.key))))
        }
        return lists
    }

    /// A list of whole numbers that fit the type.
    package func integers<Value: FixedWidthInteger>(
        _ key: String, as type: Value.Type = Value.self
    ) throws(DocumentError) -> [Value] {
        var integers: [Value] = []
        for (index, item) in try items(key).enumerated() {
            guard case .number(let text) = item.content, let number = Value(text) else {
                throw document.error("\(name(key))[\(index)]: a whole number is wanted here", at: item)
            }
            integers.append(number)
        }
        return integers
    }

    /// A list of texts.
    package func strings(_ key: String) throws(DocumentError) -> [String] {
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
    package func texts(_ key: String) throws(DocumentError) -> [String: String] {
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

    /// All fields, whose keys are anything and whose values are texts that stand for something else.
    package func texts<Value>(
        as noun: String, _ reading: (String) -> Value?
    ) throws(DocumentError) -> [String: Value] {
        var values: [String: Value] = [:]
        for member in members {
            guard case .string(let text) = member.value.content else {
                let message = "\(name(member.key)): a text is wanted, and this is \(member.value.kind)"
                throw document.error(message, at: member.value)
            }
            guard let value = reading(text) else {
                throw document.error("\(name(member.key)): \(quoted(text)) is no \(noun)", at: member.value)
            }
            values[member.key] = value
        }
        return values
    }

    /// An object whose keys are anything and whose values are objects.
    package func objects(byKey key: String) throws(DocumentError) -> [(key: String, fields: Fields)] {
        guard let object = try object(key) else { return [] }
        var objects: [(key: String, fields: Fields)] = []
        for member in object.members {
            objects.append(
                (member.key, try Fields(document, member.value, path: "\(name(key))[\(quoted(member.key))]")))
        }
        return objects
    }

    /// Its keys and their values, in the order of the text.
    package var members: [Node.Member] {
        node.members
    }
}
