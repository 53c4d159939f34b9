// SPDX-License-Identifier: Apache-2.0

/// The text that kubelet makes of a value in order to hash it.
///
/// kubelet leaves the text to the Go library spew, format `%#v` with sorted keys: each value has its type in front, except
/// in a map or a list, whose own type tells it.
struct SpewText {
    private(set) var text = ""

    /// Starts with a text.
    init(_ text: String = "") { self.text = text }

    /// What kubelet calls the checksum: the FNV-1a hash of the text.
    var checksum: UInt64 {
        var hash: UInt32 = 2_166_136_261
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        return UInt64(hash)
    }

    /// Adds a text.
    mutating func write(_ text: String) { self.text += text }

    /// Adds a map of what has texts for keys.
    mutating func map<Value>(_ values: [String: Value], _ write: (inout SpewText, Value) -> Void) {
        let sorted = values.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        enclosed(sorted, in: "map[") { dump, member in
            dump.write("\(member.key):")
            write(&dump, member.value)
        }
    }

    /// Adds a list.
    mutating func list<Value>(_ values: [Value], _ write: (inout SpewText, Value) -> Void) {
        enclosed(values, in: "[", write)
    }

    /// Adds values with a blank between them and a bracket at the end.
    mutating func enclosed<Value>(
        _ values: some Sequence<Value>, in bracket: String, _ write: (inout SpewText, Value) -> Void
    ) {
        self.write(bracket)
        var isFirst = true
        for value in values {
            if !isFirst { self.write(" ") }
            isFirst = false
            write(&self, value)
        }
        self.write("]")
    }
}
