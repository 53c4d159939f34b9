// SPDX-License-Identifier: Apache-2.0

/// Why a text is not YAML, or not of the kind that is read here.
package struct YAMLError: Error, Hashable, Sendable {
    /// Where it is wrong.
    package let mark: Mark
    /// What is wrong: one line without a full stop, safe to print.
    package let message: String
    /// What to do, in one line; empty where nobody can tell.
    package let hint: String

    /// The line of the mistake, from 1.
    package var line: Int { mark.line }
    /// The column of the mistake, from 1.
    package var column: Int { mark.column }

    init(_ message: String, at mark: Mark, hint: String = "") {
        self.mark = mark
        self.message = message
        self.hint = hint
    }
}

extension YAMLError: CustomStringConvertible {
    /// The place and the message, and the hint indented below them.
    package var description: String {
        "\(line):\(column): \(message)" + (hint.isEmpty ? "" : "\n  \(hint)")
    }
}
