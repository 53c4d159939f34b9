// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit
import Text
import YAML

/// Makes values of nodes, and collects what is wrong on the way; with a problem, the values do not count.
struct Reader {
    private(set) var problems: [ConfigurationProblem] = []

    mutating func report(_ message: String, at mark: Mark, hint: String = "") {
        problems.append(ConfigurationProblem(message, at: mark, hint: hint))
    }

    /// Reports a word that is none of those which may stand there.
    mutating func report(unknown word: String, in subject: String, of known: [String], at mark: Mark) {
        // Nothing that is known is near to a word that long, and to find that out would take its time.
        let near = word.utf8.count <= 64 ? suggestion(for: word, among: known) : nil
        report(
            "\(quoted(word)) is unknown in \(subject)", at: mark,
            hint: near.map { "did you mean '\($0)'?" } ?? "known are: \(known.joined(separator: ", "))")
    }

    /// Reports a node of another kind than is wanted.
    mutating func report(_ node: Node, kindOf subject: String, hint: String) {
        report("\(subject) cannot be \(node.kind)", at: node.mark, hint: hint)
    }
}

// MARK: - Scalars

extension Reader {
    /// Reads a scalar as it is written.
    mutating func text(_ node: Node, of subject: String, hint: String) -> String? {
        if case .scalar(let text) = node.content { return text }
        report(node, kindOf: subject, hint: hint)
        return nil
    }

    /// Reads a list of CPUs or NUMA nodes.
    mutating func cpus(_ node: Node, of subject: String) -> CPUSet? {
        let advice = "give a list such as 2-5,8"
        guard let list = text(node, of: subject, hint: "\(advice), without brackets or hyphens in front") else {
            return nil
        }
        do throws(CPUListError) {
            return try CPUSet(parsing: list)
        } catch {
            report("\(subject): \(error)", at: node.mark, hint: error.saysWhatToGive ? "" : advice)
            return nil
        }
    }

    /// Reads a decimal number; leading zeros are refused, since YAML calls such numbers octal.
    mutating func integer(_ node: Node, of subject: String, in range: ClosedRange<Int>) -> Int? {
        let hint = "give a number from \(range.lowerBound) to \(range.upperBound)"
        guard let text = text(node, of: subject, hint: hint) else { return nil }
        guard let number = Int(text), String(number) == text else {
            report("\(subject): \(quoted(text)) is not a whole number", at: node.mark, hint: hint)
            return nil
        }
        if range.contains(number) { return number }
        report("\(subject): \(number) is out of range", at: node.mark, hint: hint)
        return nil
    }
}

// MARK: - Words

/// A closed set of words.
typealias Word = RawRepresentable<String> & CaseIterable

extension Reader {
    /// Reads one word of a closed set.
    mutating func word<Value: Word>(_ node: Node, of subject: String, as type: Value.Type = Value.self) -> Value? {
        let known = Value.allCases.map(\.rawValue)
        guard let text = text(node, of: subject, hint: "give one of: \(known.joined(separator: ", "))") else {
            return nil
        }
        if let value = Value(rawValue: text) { return value }
        report(unknown: text, in: subject, of: known, at: node.mark)
        return nil
    }

    /// Reads a list of words, or a single one; with the place of each.
    mutating func words<Value: Word>(
        _ node: Node, of subject: String, as type: Value.Type = Value.self
    ) -> [(value: Value, mark: Mark)] {
        let items = if case .sequence(let items) = node.content { items } else { [node] }
        return items.compactMap { item in word(item, of: subject, as: type).map { ($0, item.mark) } }
    }
}

// MARK: - What nodes are

extension Node {
    /// Whether nothing was written.
    var isEmpty: Bool { content == .scalar("") }

    fileprivate var kind: String {
        switch content {
        case .scalar(""): "empty"
        case .scalar: "a single value"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension CPUListError {
    fileprivate var saysWhatToGive: Bool {
        switch self {
        case .empty, .leadingComma, .trailingComma: true
        case .doubleComma, .notACPU, .backwards, .tooHigh: false
        }
    }
}
