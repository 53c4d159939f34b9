// SPDX-License-Identifier: Apache-2.0

package import Text

/// What is wrong with the words of a command line, for people: exit status 2, nothing done.
///
/// A command may throw one itself, for what only shows once all options are known; the table adds which command it was.
package struct UsageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// One line without a full stop, such as `create: --cpus: '5-2': 5 is greater than 2`.
    package let message: String
    /// What to do, in one line: `did you mean '--cpus'?` or `try: rtshield create --help`; empty until it is known.
    package let hint: String

    /// The exit status of a program that was called wrongly.
    package let exitCode: Int32 = 2

    /// An error that says `message`, and asks whether `suggestion` was meant.
    package init(_ message: String, suggesting suggestion: String? = nil) {
        self.init(message: message, hint: suggestion.map { "did you mean '\($0)'?" } ?? "")
    }

    private init(message: String, hint: String) {
        self.message = message.safeToPrint
        self.hint = hint
    }

    /// The same error with what it is about in front.
    func about(_ subject: String) -> UsageError {
        UsageError(message: "\(subject): \(message)", hint: hint)
    }

    /// The same error, pointing to `help` unless it has a better hint.
    func pointing(to help: String) -> UsageError {
        UsageError(message: message, hint: hint.isEmpty ? "try: \(help)" : hint)
    }

    /// The message, and the hint below it.
    package var problem: Problem { Problem(message, details: hint.isEmpty ? [] : [hint]) }

    /// The message, and the hint indented below it.
    package var description: String { hint.isEmpty ? message : "\(message)\n  \(hint)" }
}
