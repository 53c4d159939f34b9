// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// Keeps secrets of configurations out of recordings, which people attach to bug reports.
///
/// Values behind keys that speak of secrets are replaced, in quotes where they stood in quotes, and so is the user of an address,
/// as in `rabbit://nova:PASSWORD@host`. What else a file holds stays, so that it reads as before.
enum Redaction {
    /// What stands for a secret.
    static let replacement = "removed"

    private static let words = [
        "password", "passwd", "secret", "token", "credential", "auth", "private", "api_key", "apikey",
    ]

    /// The text without secrets; one that is no UTF-8 is left out whole.
    static func applied(to bytes: [UInt8]) -> [UInt8] {
        guard String(validating: bytes, as: UTF8.self) != nil else { return [] }
        var result: [UInt8] = []
        var rest = bytes[...]
        // The words of a command line end with a zero each.
        while let end = rest.firstIndex(where: { $0 == UInt8(ascii: "\n") || $0 == 0 }) {
            result += line(rest[..<end])
            result.append(rest[end])
            rest = rest[(end + 1)...]
        }
        return result + line(rest)
    }

    private static func line(_ bytes: ArraySlice<UInt8>) -> String.UTF8View {
        guard let sign = sign(in: bytes) else { return withoutUser(text(bytes)[...]).utf8 }
        return withoutUser((text(bytes[...sign]) + withoutValue(text(bytes[(sign + 1)...])))[...]).utf8
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// Where the sign is between a key that speaks of a secret and its value; nil where no such key is.
    private static func sign(in line: ArraySlice<UInt8>) -> Int? {
        let lower = line.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        let starts = lower.indices.lazy.filter { start in words.contains { lower[start...].starts(with: $0.utf8) } }
        guard let word = starts.first else { return nil }
        return line[(line.startIndex + word)...].firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: ":") }
    }

    /// What stands for a value, in its quotes; blanks and brackets before it stay.
    private static func withoutValue(_ value: String) -> String {
        guard let first = value.firstIndex(where: { !" \t{[".contains($0) }) else { return value }
        let quote = value[first]
        guard quote == "\"" || quote == "'", let last = value.lastIndex(of: quote), last > first else {
            return value[..<first] + replacement
        }
        return value[...first] + replacement + value[last...]
    }

    /// The line without the users and passwords of addresses.
    private static func withoutUser(_ line: Substring) -> String {
        var rest = line
        var result = ""
        while let scheme = rest.range(of: "://") {
            result += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let host = rest.prefix { $0 != "/" && !$0.isWhitespace && $0 != "\"" && $0 != "," }
            if let at = host.lastIndex(of: "@") {
                result += replacement
                rest = rest[at...]
            }
        }
        return result + rest
    }
}

extension Substring {
    /// Where a text begins and ends, the first time that it stands there.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
