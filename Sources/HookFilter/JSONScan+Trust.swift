// SPDX-License-Identifier: Apache-2.0

extension JSONScan {
    /// Whether what is searched for would be found if it were there: the text is a whole object, and nothing in it is
    /// written in another way than plainly.
    ///
    /// Each character may be written as `\u` and four digits, so that a key may hide behind them. Three of those are let
    /// pass: `<`, `>` and `&`, which no key has, and which Go writes so wherever a command is one of a shell. Of the other
    /// escapes, only `\/` says what a key could have, and no key that is searched for has a slash.
    package var isPlainObject: Bool { isWholeObject && hidesNothing }

    /// Wherever a text is cut off, it has more braces open than closed; a string with such braces looks the same.
    private var isWholeObject: Bool {
        guard bytes.first == UInt8(ascii: "{") else { return false }
        var open = 0
        for byte in bytes {
            if byte == UInt8(ascii: "{") { open += 1 }
            if byte == UInt8(ascii: "}") { open -= 1 }
        }
        return open == 0
    }

    private var hidesNothing: Bool {
        let escape = ("\\u" as StaticString).bytes
        let harmless = (["003c", "003e", "0026"] as [StaticString]).map { $0.bytes }
        var next = bytes.startIndex
        while let start = offset(of: escape, from: next) {
            next = start + escape.count
            guard harmless.contains(where: { bytes[next...].starts(with: $0) }) else { return false }
        }
        return true
    }

    /// Whether a document in YAML may have the key, however it is written there.
    ///
    /// Lines that begin with `#` hold no key. Escapes are possible in quotes only, and begin with a backslash.
    package func mayHave(key: StaticString) -> Bool {
        bytes.split(separator: UInt8(ascii: "\n")).contains { line in
            let line: ArraySlice<UInt8> = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard line.first != UInt8(ascii: "#") else { return false }
            return line.contains(UInt8(ascii: "\\")) || JSONScan(line).holds(key)
        }
    }
}
