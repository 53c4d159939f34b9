// SPDX-License-Identifier: Apache-2.0

import MachineKit
internal import YAML

/// Everything that is wrong with a configuration.
///
/// A text that is no YAML has one problem: what the rest of it says cannot be told.
package struct ConfigurationError: Error, Hashable, Sendable {
    /// At least one, in the order of the text.
    package let problems: [ConfigurationProblem]

    init(_ problems: [ConfigurationProblem]) {
        self.problems = problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
    }
}

/// One mistake in a configuration; its texts are single lines and safe to print.
package struct ConfigurationProblem: Hashable, Sendable {
    /// The line, from 1.
    package let line: Int
    /// The column, from 1.
    package let column: Int
    /// What is wrong, without a full stop.
    package let message: String
    /// What to do; empty when the message says it.
    package let hint: String

    init(_ message: String, at mark: Mark, hint: String) {
        (line, column) = (mark.line, mark.column)
        self.message = message
        self.hint = hint
    }
}

extension ConfigurationError: CustomStringConvertible {
    /// The problems, each on a line of its own, below which its hint is indented.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

extension ConfigurationProblem: CustomStringConvertible {
    /// The place and the message, and the hint indented below; the file's name belongs in front, with a colon.
    package var description: String {
        "\(line):\(column): \(message)" + (hint.isEmpty ? "" : "\n  \(hint)")
    }
}
