// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// The tables and keys that a TOML text has, as far as its lines tell: enough to see what is there, not to change it.
///
/// What the lines do not tell is the inside of inline tables, whose text stays the value of their key.
package struct TOMLOutline: Sendable {
    /// A key and what it is given.
    package struct Assignment: Hashable, Sendable {
        /// The table's key and the key's own parts.
        package var path: [String]
        /// How many of the parts are the table's.
        var depth: Int
        /// The line that it begins in, from 1.
        package var line: Int
        /// The value as it is written, without comments, its lines joined.
        package var value: String

        /// The texts between quotes in the value.
        package var strings: [String] { TOMLText.strings(in: value) }
    }

    /// The headers, in the order of the text.
    package private(set) var tables: [[String]] = []
    /// The keys, in the order of the text.
    package private(set) var assignments: [Assignment] = []

    /// Reads a text; lines that are neither header nor key are passed over.
    package init(_ text: String) {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
        var table: [String] = []
        let count = lines.count
        while let line = lines.popFirst().map(TOMLText.uncommented) {
            let number = count - lines.count
            if let parts = Self.header(line) {
                table = parts
                tables.append(parts)
            } else if let sign = TOMLText.firstIndex(of: "=", in: line[...]), let key = TOMLKey.parts(of: line[..<sign])
            {
                let value = Self.value(TOMLText.trimmed(line[sign...].dropFirst()), followedBy: &lines)
                assignments.append(Assignment(path: table + key, depth: table.count, line: number, value: value))
            }
        }
    }

    /// What a key is given.
    package subscript(_ path: String...) -> String? { assignments.last { $0.path == path }?.value }

    /// The key of a table, when the line is its header.
    private static func header(_ line: String) -> [String]? {
        guard line.hasPrefix("["), line.hasSuffix("]") else { return nil }
        let brackets = line.hasPrefix("[[") ? 2 : 1
        return TOMLKey.parts(of: line.dropFirst(brackets).dropLast(brackets))
    }

    /// A value with the lines that it goes on in: lists, and texts in three quotes.
    private static func value(_ start: String, followedBy lines: inout ArraySlice<Substring>) -> String {
        var value = start
        for quotes in ["\"\"\"", "'''"] where value.hasPrefix(quotes) && !value.dropFirst(3).contains(quotes) {
            while let line = lines.popFirst() {
                value += "\n" + line
                if line.contains(quotes) { break }
            }
            return value
        }
        // Counted line by line, since a list may be as long as its file.
        var open = value.hasPrefix("[") ? TOMLText.openLists(in: value) : 0
        while open > 0, let line = lines.popFirst().map(TOMLText.uncommented) {
            open += TOMLText.openLists(in: line)
            value += " " + line
        }
        return value
    }
}

/// Lines of TOML, in which a character between quotes means nothing.
///
/// A quote that is escaped is taken for one that ends.
enum TOMLText {
    /// A line without its comment and without blanks around it.
    static func uncommented(_ line: Substring) -> String {
        trimmed(firstIndex(of: "#", in: line).map { line[..<$0] } ?? line)
    }

    /// Where a character first stands outside of quotes.
    static func firstIndex(of wanted: Character, in text: Substring) -> Substring.Index? {
        var quote: Character?
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == wanted {
                return index
            } else if character.isTOMLQuote {
                quote = character
            }
        }
        return nil
    }

    /// How many more lists a text opens than it closes.
    static func openLists(in text: String) -> Int {
        let opening = { (character: Character) in
            var (count, rest) = (0, text[...])
            while let index = firstIndex(of: character, in: rest) {
                count += 1
                rest = rest[index...].dropFirst()
            }
            return count
        }
        return opening("[") - opening("]")
    }

    /// The texts between quotes.
    static func strings(in text: String) -> [String] {
        var strings: [String] = []
        var rest = text[...]
        while let start = rest.firstIndex(where: \.isTOMLQuote) {
            let string = rest[start...].dropFirst().prefix { $0 != rest[start] }
            strings.append(String(string))
            rest = rest[string.endIndex...].dropFirst()
        }
        return strings
    }

    static func trimmed(_ text: some StringProtocol) -> String { String(text.trimmingASCIISpace()) }
}

extension Character {
    fileprivate var isTOMLQuote: Bool { self == "\"" || self == "'" }
}

/// A dotted key of TOML, such as `plugins."io.containerd.grpc.v1.cri".containerd`, as its parts.
enum TOMLKey {
    /// The parts; nil for what is no key.
    static func parts(of text: some StringProtocol) -> [String]? {
        var parts: [String] = []
        var rest = Substring(text)
        while true {
            rest = rest.drop(while: \.isWhitespace)
            guard let part = nextPart(&rest), !part.isEmpty else { return nil }
            parts.append(part)
            rest = rest.drop(while: \.isWhitespace)
            guard let separator = rest.popFirst() else { return parts }
            if separator != "." { return nil }
        }
    }

    /// Takes one part off, without its quotes; escapes stay as they are written.
    private static func nextPart(_ rest: inout Substring) -> String? {
        guard let quote = rest.first, quote == "\"" || quote == "'" else {
            let part = rest.prefix { $0 != "." && !$0.isWhitespace }
            rest = rest[part.endIndex...]
            return String(part)
        }
        let part = rest.dropFirst().prefix { $0 != quote }
        guard part.endIndex < rest.endIndex else { return nil }
        rest = rest[rest.index(after: part.endIndex)...]
        return String(part)
    }
}
