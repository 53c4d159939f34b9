// SPDX-License-Identifier: Apache-2.0

import Spelling

/// What may stand where a value is expected: what a shell offers, and for a closed set of words, what is accepted.
package enum Completion: Hashable, Sendable {
    /// Free text, for which a shell offers nothing.
    case text
    /// One of these words; any other is refused before the value parser sees it. They hold no blanks and no quotes.
    case oneOf([String])
    /// The path of a directory.
    case directory
    /// The path of a file.
    case file
    /// The name of a program to run.
    case command

    /// Refuses a word outside a closed set.
    func check(_ value: String) throws(UsageError) {
        guard case .oneOf(let words) = self, !words.contains(value) else { return }
        throw UsageError(
            "'\(value)' is not one of \(words.joined(separator: ", "))",
            suggesting: suggestion(for: value, among: words))
    }
}
