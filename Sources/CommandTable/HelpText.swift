// SPDX-License-Identifier: Apache-2.0

/// A word and what it means, as a line of a list.
package typealias Row = (term: String, meaning: String)

extension CommandTable {
    /// The help of the whole program, for a screen of 80 columns.
    package var help: String {
        page(
            summary, usage: "COMMAND [options]",
            [
                ("Commands", rows(of: commands.filter { !$0.isPlumbing })), ("Options", rows(generalOptions)),
                ("Examples", examples),
            ])
    }

    /// The help of one command, for a screen of 80 columns.
    package func help(of command: Command) -> String {
        page(
            command.summary, usage: command.usage,
            [("Options", rows(command.allOptions)), ("Examples", command.examples)])
    }

    private func page(_ purpose: String, usage: String, _ lists: [(title: String, rows: [Row])]) -> String {
        let lead = "Usage: \(name) "
        var text = purpose + "\n\n" + lead
        text.flow(usage, from: lead.count)
        for list in lists where !list.rows.isEmpty {
            text += "\n\n\(list.title):\n"
            text += align(list.rows)
        }
        return text + "\n"
    }

    private func rows(_ options: [OptionShape]) -> [Row] {
        options.map { option in
            let letter = option.letter.map { "-\($0), " } ?? "    "
            return (letter + option.usage + (option.isRepeatable ? "..." : ""), option.summary)
        }
    }
}

let screenWidth = 80

/// Terms longer than this stand on a line of their own.
private let longestAlignedTerm = 34

/// Lists terms with their meanings in a column two blanks right of the longest term; the last line is left open.
private func align(_ rows: [Row]) -> String {
    let widths = rows.map(\.term.count)
    let column = 4 + (widths.filter { $0 <= longestAlignedTerm }.max() ?? 4)
    var text = ""
    for (row, width) in zip(rows, widths) {
        if !text.isEmpty { text += "\n" }
        text += "  " + row.term + (width + 4 <= column ? spaces(column - 2 - width) : "\n" + spaces(column))
        text.flow(row.meaning, from: column)
    }
    return text
}

extension String {
    /// Appends text that is broken at blanks, each line from `column` to the edge of the screen; a longer word keeps a
    /// line for itself.
    fileprivate mutating func flow(_ text: String, from column: Int) {
        var position = column
        for word in text.split(separator: " ").map(String.init) {
            if position > column, position + 1 + word.count > screenWidth {
                self += "\n" + spaces(column)
                position = column
            } else if position > column {
                self += " "
                position += 1
            }
            self += word
            position += word.count
        }
    }
}

private func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
