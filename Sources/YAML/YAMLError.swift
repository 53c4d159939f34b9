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

/// What libyaml says of a text that is no YAML.
struct SyntaxProblem {
    /// Such as `did not find expected key`.
    var problem: String
    /// Such as `while parsing a block mapping`; may be empty.
    var context: String
    /// The byte at the place of the problem; nil at the end.
    var next: UInt8?

    /// The same for people: the commonest slips have an explanation of their own.
    func error(at mark: Mark) -> YAMLError {
        if next == UInt8(ascii: "\t") {
            return YAMLError("a tab cannot indent", at: mark, hint: "indent with spaces")
        }
        return YAMLError(context.isEmpty ? problem : "\(problem) \(context)", at: mark, hint: hint)
    }

    private var hint: String {
        if context.hasSuffix("alias") || context.hasSuffix("anchor") {
            return "quote text that starts with '*' or '&'"
        }
        guard problem == "found character that cannot start any token", let next else { return "" }
        return "quote text that starts with '\(Unicode.Scalar(next))'"
    }
}
