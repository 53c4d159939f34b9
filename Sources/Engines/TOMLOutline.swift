// SPDX-License-Identifier: Apache-2.0

/// The tables and keys that a TOML text has, as far as its lines tell: enough to see what is there, not to change it.
///
/// What the lines do not tell is the inside of inline tables, whose text stays the value of their key.
struct TOMLOutline {
    /// A key and what it is given.
    struct Assignment {
        /// The table's key and the key's own parts.
        var path: [String]
        /// How many of the parts are the table's.
        var depth: Int
        /// The value as it is written, without comments, its lines joined.
        var value: String
    }

    /// The headers, in the order of the text.
    private(set) var tables: [[String]] = []
    /// The keys, in the order of the text.
    private(set) var assignments: [Assignment] = []

    init(_ text: String) {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)[...]
        var table: [String] = []
        while let line = lines.popFirst().map(TOMLText.uncommented) {
            if let parts = Self.header(line) {
                table = parts
                tables.append(parts)
            } else if let sign = TOMLText.firstIndex(of: "=", in: line[...]), let key = TOMLKey.parts(of: line[..<sign])
            {
                let value = Self.value(TOMLText.trimmed(line[sign...].dropFirst()), followedBy: &lines)
                assignments.append(Assignment(path: table + key, depth: table.count, value: value))
            }
        }
    }

    /// What a key is given.
    subscript(_ path: String...) -> String? { assignments.last { $0.path == path }?.value }

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
        while value.hasPrefix("["), TOMLText.openLists(in: value) > 0, let line = lines.popFirst() {
            value += " " + TOMLText.uncommented(line)
        }
        return value
    }
}
