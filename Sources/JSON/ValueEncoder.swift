// SPDX-License-Identifier: Apache-2.0

extension Value {
    /// Takes a value of a type apart; keys are sorted, so that equal values give equal texts.
    ///
    /// - Parameter value: The value.
    /// - Throws: `EncodingError` for what JSON here has no place for: fractions, and numbers above 2⁶³-1.
    package init(encoding value: some Encodable) throws { self = try ValueEncoder(codingPath: []).value(value) }
}

/// Puts a value together of what the methods that the compiler makes tell.
///
/// Safe to share within one encoding, which runs in one place at a time.
final class ValueEncoder: Encoder {
    let codingPath: [any CodingKey]
    var userInfo: [CodingUserInfoKey: Any] { [:] }
    private var kind = Kind.object
    private var scalar = Value.null
    private var members: [(key: String, value: ValueEncoder)] = []
    private var items: [ValueEncoder] = []

    private enum Kind {
        case scalar, object, array
    }

    init(codingPath: [any CodingKey]) { self.codingPath = codingPath }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        kind = .object
        return KeyedEncodingContainer(EncodedMembers(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        kind = .array
        return EncodedItems(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { EncodedScalar(encoder: self) }

    /// Takes a value in; scalars are put down, everything else takes itself apart.
    func take(_ value: some Encodable) throws {
        switch value {
        case let text as String: take(scalar: .string(text))
        case let flag as Bool: take(scalar: .boolean(flag))
        case let number as Int: take(scalar: .number(number))
        case let number as Int32: take(scalar: .number(Int(number)))
        case let number as Int64: take(scalar: .number(Int(number)))
        case let number as UInt32: take(scalar: .number(Int(number)))
        case let number as UInt64:
            guard let small = Int(exactly: number) else {
                throw EncodingError.invalidValue(
                    number, .init(codingPath: codingPath, debugDescription: "the number is too large"))
            }
            take(scalar: .number(small))
        default: try value.encode(to: self)
        }
    }

    func takeNull() { take(scalar: .null) }

    private func take(scalar value: Value) {
        kind = .scalar
        scalar = value
    }

    /// What takes in the value of a key.
    func child(_ key: String) -> ValueEncoder {
        let child = ValueEncoder(codingPath: codingPath + [PathKey(stringValue: key)])
        members.append((key, child))
        return child
    }

    /// What takes in the next item.
    func nextChild() -> ValueEncoder {
        let child = ValueEncoder(codingPath: codingPath + [PathKey(intValue: count)])
        items.append(child)
        return child
    }

    /// How many items there are.
    var count: Int { items.count }

    /// The value of something.
    func value(_ value: some Encodable) throws -> Value {
        try take(value)
        return result
    }

    private var result: Value {
        switch kind {
        case .scalar: scalar
        case .array: .array(items.map(\.result))
        case .object: .object(members.sorted { $0.key < $1.key }.map { Value.Member($0.key, $0.value.result) })
        }
    }
}

/// The members of an object, for an encoder.
struct EncodedMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: ValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil(forKey key: Key) { encoder.child(key.stringValue).takeNull() }

    func encode(_ value: some Encodable, forKey key: Key) throws { try encoder.child(key.stringValue).take(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoder.child(key.stringValue).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        encoder.child(key.stringValue).unkeyedContainer()
    }

    func superEncoder() -> any Encoder { encoder.child("super") }

    func superEncoder(forKey key: Key) -> any Encoder { encoder.child(key.stringValue) }
}

/// The items of a list, for an encoder.
struct EncodedItems: UnkeyedEncodingContainer {
    let encoder: ValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }
    var count: Int { encoder.count }

    func encodeNil() { encoder.nextChild().takeNull() }

    func encode(_ value: some Encodable) throws { try encoder.nextChild().take(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        encoder.nextChild().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder.nextChild().unkeyedContainer() }

    func superEncoder() -> any Encoder { encoder.nextChild() }
}

/// One value, for an encoder.
struct EncodedScalar: SingleValueEncodingContainer {
    let encoder: ValueEncoder
    var codingPath: [any CodingKey] { encoder.codingPath }

    func encodeNil() { encoder.takeNull() }

    func encode(_ value: some Encodable) throws { try encoder.take(value) }
}
