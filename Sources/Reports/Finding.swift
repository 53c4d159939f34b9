// SPDX-License-Identifier: Apache-2.0

import MachineKit
package import Text

/// One thing that a look at the machine noticed.
package struct Finding: Hashable, Sendable, Codable {
    /// How much it matters, the least first.
    package enum Severity: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
        /// As it should be.
        case ok
        /// Worth knowing; nothing has to be done.
        case note
        /// Something disturbs the shield, or may.
        case warning
        /// The shield does not do what it was made for.
        case error

        package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

        private var rank: Int { Severity.allCases.firstIndex(of: self) ?? 0 }
    }

    package var severity: Severity
    /// One line without a full stop; it may hold names that anybody chose, control characters and all.
    package var what: String
    package var why: String?
    /// What a person can do.
    package var advice: String?

    package init(_ severity: Severity, _ what: String, why: String? = nil, advice: String? = nil) {
        self.severity = severity
        self.what = what
        self.why = why
        self.advice = advice
    }

    /// The finding without how much it matters.
    package var problem: Problem { Problem(what, why: why, fix: advice) }
}
