// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Reports

/// What a rule saw.
struct RuleResult: Hashable, Sendable {
    var severity: Finding.Severity
    /// What is: one line without a full stop; it may hold names that anybody chose, control characters and all.
    var what: String
    /// What should be; nil where that is what is.
    var wanted: String?
    /// The exact command or line that mends it; nil where nothing is to be done.
    var fix: String?

    private init(_ severity: Finding.Severity, _ what: String, _ wanted: String?, _ fix: String?) {
        self.severity = severity
        // A value in somebody's file may be as long as the file.
        self.what = what.utf8.count > 2000 ? what.prefix(1000) + "…" : what
        self.wanted = wanted
        self.fix = fix
    }

    /// All is well.
    static func ok(_ what: String) -> RuleResult { RuleResult(.ok, what, nil, nil) }

    /// Worth knowing; nothing has to be done.
    static func note(_ what: String, wanted: String? = nil, fix: String? = nil) -> RuleResult {
        RuleResult(.note, what, wanted, fix)
    }

    /// Something disturbs, or may.
    static func warning(_ what: String, wanted: String, fix: String) -> RuleResult {
        RuleResult(.warning, what, wanted, fix)
    }

    /// Something does not do what it is there for.
    static func error(_ what: String, wanted: String, fix: String) -> RuleResult {
        RuleResult(.error, what, wanted, fix)
    }
}
