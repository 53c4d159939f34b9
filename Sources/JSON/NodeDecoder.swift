// SPDX-License-Identifier: Apache-2.0

extension Node {
    /// Makes a value of a type of this node.
    ///
    /// - Parameter type: What to make.
    /// - Returns: The value.
    /// - Throws: `DecodingError` with the way to the first thing that does not fit.
    package func decoded<Decoded: Decodable>(as type: Decoded.Type) throws -> Decoded {
        try NodeDecoder(node: self, codingPath: []).value(type)
    }
}

/// Takes a node apart for the initializers that the compiler makes.
struct NodeDecoder: Decoder {
    let node: Node
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let members) = node.content else { throw mismatch("an object") }
        return KeyedDecodingContainer(NodeMembers(members: members, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let items) = node.content else { throw mismatch("a list") }
        return NodeItems(items: items, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { NodeScalar(decoder: self) }

    /// Scalars are read here; everything else takes itself apart.
    ///
    /// Types are compared one by one: to ask whether one conforms to a protocol searches all conformances of the program.
    func value<Decoded: Decodable>(_ type: Decoded.Type) throws -> Decoded {
        if type == String.self { return try scalar(String.self) }
        if type == Bool.self { return try scalar(Bool.self) }
        if type == Int.self { return try scalar(Int.self) }
        if type == Int32.self { return try scalar(Int32.self) }
        if type == Int64.self { return try scalar(Int64.self) }
        if type == UInt32.self { return try scalar(UInt32.self) }
        if type == UInt64.self { return try scalar(UInt64.self) }
        return try type.init(from: self)
    }

    private func scalar<Value: Scalar, Decoded>(_ type: Value.Type) throws -> Decoded {
        guard let value = type.init(node) as? Decoded else { throw mismatch("\(type)") }
        return value
    }

    private func mismatch(_ wanted: String) -> DecodingError {
        .dataCorrupted(.init(codingPath: codingPath, debugDescription: "\(wanted) is wanted"))
    }
}

/// A value that JSON has itself.
private protocol Scalar {
    init?(_ node: Node)
}

extension Bool: Scalar {
    fileprivate init?(_ node: Node) {
        guard case .boolean(let value) = node.content else { return nil }
        self = value
    }
}

extension String: Scalar {
    fileprivate init?(_ node: Node) {
        guard case .string(let value) = node.content else { return nil }
        self = value
    }
}

extension FixedWidthInteger {
    fileprivate init?(_ node: Node) {
        guard case .number(let text) = node.content else { return nil }
        self.init(text, radix: 10)
    }
}

extension Int: Scalar {}
extension Int32: Scalar {}
extension Int64: Scalar {}
extension UInt32: Scalar {}
extension UInt64: Scalar {}

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
        return NodeDecoder(node: member.value, codingPath: codingPath + [PathKey(stringValue: name)])
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
        return NodeDecoder(node: items[currentIndex], codingPath: codingPath + [PathKey(intValue: currentIndex)])
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
struct PathKey: CodingKey {
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
