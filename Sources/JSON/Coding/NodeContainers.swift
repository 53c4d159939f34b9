// SPDX-License-Identifier: Apache-2.0

/// The members of an object, for a decoder.
struct NodeMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let members: [Node.Member]
    let codingPath: [any CodingKey]

    var allKeys: [Key] { members.compactMap { Key(stringValue: $0.key) } }

    func contains(_ key: Key) -> Bool { members.contains { $0.key == key.stringValue } }

    func decodeNil(forKey key: Key) throws -> Bool { try decoder(key).node.content == .null }

    func decode<Decoded: Decodable>(_ type: Decoded.Type, forKey key: Key) throws -> Decoded {
        try decoder(key).value(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try decoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try decoder(key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try decoder(named: "super") }

    func superDecoder(forKey key: Key) throws -> any Decoder { try decoder(key) }

    private func decoder(_ key: Key) throws -> NodeDecoder { try decoder(named: key.stringValue) }

    private func decoder(named name: String) throws -> NodeDecoder {
        guard let member = members.first(where: { $0.key == name }) else {
            throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: "there is no '\(name)'"))
        }
        return NodeDecoder(node: member.value, codingPath: codingPath + [Step(stringValue: name)])
    }
}

/// The items of a list, for a decoder.
struct NodeItems: UnkeyedDecodingContainer {
    let items: [Node]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(items: [Node], codingPath: [any CodingKey]) {
        self.items = items
        self.codingPath = codingPath
    }

    var count: Int? { items.count }
    var isAtEnd: Bool { currentIndex == items.count }

    mutating func decodeNil() throws -> Bool {
        guard try peek().node.content == .null else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Decoded: Decodable>(_ type: Decoded.Type) throws -> Decoded { try next().value(type) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested>
    {
        try next().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { try next().unkeyedContainer() }

    mutating func superDecoder() throws -> any Decoder { try next() }

    private func peek() throws -> NodeDecoder {
        guard !isAtEnd else {
            throw DecodingError.dataCorrupted(.init(codingPath: codingPath, debugDescription: "the list is too short"))
        }
        return NodeDecoder(node: items[currentIndex], codingPath: codingPath + [Step(intValue: currentIndex)])
    }

    private mutating func next() throws -> NodeDecoder {
        let decoder = try peek()
        currentIndex += 1
        return decoder
    }
}

/// One value, for a decoder.
struct NodeScalar: SingleValueDecodingContainer {
    let decoder: NodeDecoder
    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.node.content == .null }

    func decode<Decoded: Decodable>(_ type: Decoded.Type) throws -> Decoded { try decoder.value(type) }
}

/// A step on the way to a value.
struct Step: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(stringValue: String) {
        self.stringValue = stringValue
        intValue = nil
    }

    init(intValue: Int) {
        stringValue = "\(intValue)"
        self.intValue = intValue
    }
}
