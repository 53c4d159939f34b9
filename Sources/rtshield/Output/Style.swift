// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit

/// How text looks on the terminal that it is for.
struct Style: Hashable, Sendable {
    /// A meaning that has a look of its own; without colours it has none.
    enum Rendition: String, Sendable {
        case plain = ""
        case strong = "1"
        case faint = "2"
        case error = "1;31"
        case warning = "33"
        case shielded = "32"
        case housekeeping = "34"
    }

    var hasColours: Bool
    /// How many columns a line has.
    var width: Int

    /// The style for standard output: no colours beside a terminal, nor when `NO_COLOR` is set (no-color.org).
    static var current: Style {
        let isTerminal = Terminal.isTerminal(1)
        let noColour = CurrentProcess.environmentVariable("NO_COLOR").map { !$0.isEmpty } ?? false
        return Style(
            hasColours: isTerminal && !noColour && CurrentProcess.environmentVariable("TERM") != "dumb",
            width: isTerminal ? max(40, Terminal.columns(of: 1) ?? 80) : 80)
    }

    func callAsFunction(_ look: Rendition, _ text: String) -> String {
        guard hasColours, look != .plain, !text.isEmpty else { return text }
        return "\u{1B}[\(look.rawValue)m\(text)\u{1B}[0m"
    }

    /// Breaks a text at blanks into lines that fit behind an indentation; the first line has its own.
    func wrapped(_ text: String, first: String = "", indent: Int) -> String {
        var lines: [String] = []
        var line = first + String(repeating: " ", count: max(0, indent - first.count))
        var isEmpty = true
        for word in text.split(separator: " ") {
            if !isEmpty, line.count + 1 + word.count > width {
                lines.append(line)
                line = String(repeating: " ", count: indent)
                isEmpty = true
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return (lines + [line]).map { $0 + "\n" }.joined()
    }
}

/// Rows of words in columns, as wide as their widest word; the last column is not padded.
struct TextColumns {
    var rows: [[String]]
    /// The columns that hold numbers.
    var rightAligned: Set<Int> = []

    func text(_ style: Style, hasHead: Bool = true) -> String {
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.enumerated().map { number, row in
            let cells = row.enumerated().map { column, word in
                if rightAligned.contains(column) { return word.padded(left: widths[column]) }
                return column == row.count - 1 ? word : word.padded(to: widths[column])
            }
            let line = cells.joined(separator: "  ")
            return "  " + (hasHead && number == 0 ? style(.strong, line) : line) + "\n"
        }.joined()
    }
}

extension String {
    /// The text with spaces after it up to a width.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }

    /// The text with spaces before it up to a width.
    func padded(left width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
