// SPDX-License-Identifier: Apache-2.0

/// JSON or YAML that is searched for bytes, and never parsed.
package struct JSONScan: Hashable, Sendable {
    /// What is searched.
    let bytes: ArraySlice<UInt8>

    /// Takes the bytes as they were read.
    package init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

    /// Whether the bytes are somewhere in the text.
    func holds(_ needle: StaticString) -> Bool { offset(of: needle.bytes) != nil }

    /// Whether the word is somewhere in the text, between quotes.
    func holds(quoted word: ArraySlice<UInt8>) -> Bool { offset(of: [quote] + word + [quote]) != nil }

    /// What stands in quotes behind the quoted name and a colon, if the quoted name is in the text once and all of that
    /// is written without blanks and without escapes.
    ///
    /// A quote within a string has a backslash before it, so that `"name"` is a whole string, or the end of one. A second
    /// string of that name, wherever and whatever it is, makes two of them.
    func value(ofOnly name: StaticString) -> ArraySlice<UInt8>? {
        guard let rest = rest(behindOnly: [quote] + name.bytes + [quote]) else { return nil }
        guard rest.starts(with: [UInt8(ascii: ":"), quote]) else { return nil }
        let value = rest.dropFirst(2).prefix { $0 != quote && $0 != backslash && $0 >= UInt8(ascii: " ") }
        return value.endIndex < bytes.endIndex && bytes[value.endIndex] == quote ? value : nil
    }

    /// All that stands behind the beginning of the object of that name, if one object has it, and no more, and no blank
    /// is between the name and the object.
    func rest(behindOnlyObject name: StaticString) -> JSONScan? {
        rest(behindOnly: [quote] + name.bytes + [quote, UInt8(ascii: ":"), UInt8(ascii: "{")]).map { JSONScan($0) }
    }
}

private let quote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")

// MARK: - Searching

extension JSONScan {
    /// Where the bytes are first, or first at `start` or behind it.
    func offset(of needle: [UInt8], from start: Int? = nil) -> Int? {
        guard let first = needle.first else { return nil }
        var next = start ?? bytes.startIndex
        while next + needle.count <= bytes.endIndex {
            if bytes[next] == first, bytes[next...].starts(with: needle) { return next }
            next += 1
        }
        return nil
    }

    /// What stands behind the bytes, if they are in the text once.
    private func rest(behindOnly needle: [UInt8]) -> ArraySlice<UInt8>? {
        guard let start = offset(of: needle), offset(of: needle, from: start + 1) == nil else { return nil }
        return bytes[(start + needle.count)...]
    }
}

extension StaticString {
    /// Its bytes, in UTF-8.
    var bytes: [UInt8] { withUTF8Buffer { unsafe Array($0) } }
}
