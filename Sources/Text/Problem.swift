// SPDX-License-Identifier: Apache-2.0

/// What is wrong, why, and what to do about it: what a person is told of an error or a finding.
///
/// Each text is one line without a full stop.
package struct Problem: Error, Hashable, Sendable {
    package var what: String
    package var why: String?
    /// What a person can do.
    package var fix: String?
    /// Further lines, each a thing of its own.
    package var details: [String]

    package init(_ what: String, why: String? = nil, fix: String? = nil, details: [String] = []) {
        self.what = what
        self.why = why
        self.fix = fix
        self.details = details
    }

    /// What, why and what to do in one line, such as `CPU 7 is offline: bring it online first`.
    package var line: String {
        let rest = [why, fix].compactMap(\.self).joined(separator: "; ")
        return rest.isEmpty ? what : "\(what): \(rest)"
    }

    /// Each text with what could steer a terminal escaped.
    package var safeToPrint: Problem {
        Problem(what.safeToPrint, why: why?.safeToPrint, fix: fix?.safeToPrint, details: details.map(\.safeToPrint))
    }
}
