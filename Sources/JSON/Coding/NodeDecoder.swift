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
