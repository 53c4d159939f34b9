// SPDX-License-Identifier: Apache-2.0

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
