// SPDX-License-Identifier: Apache-2.0

import ShieldKit
import YAML

/// A mapping whose keys are known.
struct Section {
    /// Where it starts.
    let mark: Mark
    private let entries: [String: Node.Entry]
    /// Whether a key was reported; what seems to be missing may then be there, misspelt.
    let hasUnknownKeys: Bool

    /// The value of a key; nil when the key is missing.
    subscript(_ key: String) -> Node? { entries[key]?.value }

    /// Where a key is; where the section starts when the key is missing.
    func mark(of key: String) -> Mark { entries[key]?.mark ?? mark }

    /// The first of the given keys that is there, as the text has them.
    func first(of keys: [String]) -> Node.Entry? {
        keys.compactMap { entries[$0] }.min { $0.mark < $1.mark }
    }

    fileprivate init(mark: Mark, entries: [Node.Entry], keys: [String]) {
        self.mark = mark
        self.entries = Dictionary(entries.map { ($0.key, $0) }) { first, _ in first }
        hasUnknownKeys = entries.contains { !keys.contains($0.key) }
    }
}

extension Reader {
    /// Reads a mapping and reports keys that are not among the known ones; an empty value is a mapping without keys.
    mutating func section(_ node: Node, _ subject: String, keys: [String]) -> Section? {
        guard let entries = entries(node, of: subject, hint: "give keys with values below it, such as '\(keys[0]):'")
        else { return nil }
        for entry in entries where !keys.contains(entry.key) {
            report(unknown: entry.key, in: subject, of: keys, at: entry.mark)
        }
        return Section(mark: node.mark, entries: entries, keys: keys)
    }

    /// Reads a mapping with any keys.
    mutating func entries(_ node: Node, of subject: String, hint: String) -> [Node.Entry]? {
        if case .mapping(let entries) = node.content { return entries }
        // The administrator may have made comments of all that was below it.
        if node.isEmpty { return [] }
        report(node, kindOf: subject, hint: hint)
        return nil
    }
}
