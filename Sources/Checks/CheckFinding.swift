// SPDX-License-Identifier: Apache-2.0

package import Reports
import ShieldKit

/// What a rule found, and all that a person needs to mend it.
package struct CheckFinding: Hashable, Sendable, Encodable {
    /// The rule, `kernel.rt-throttling`.
    package let rule: String
    package let topic: Topic
    package let severity: Finding.Severity
    /// What is, in one line without a full stop; it may hold names that anybody chose, control characters and all.
    package let what: String
    /// What should be; nil where that is what is.
    package let wanted: String?
    /// Why it matters.
    package let why: String
    /// The exact command or line that mends it; nil where nothing is to be done.
    package let fix: String?
    /// The address of what the rule rests on.
    package let reference: String

    init(_ remark: RuleResult, of rule: Rule) {
        self.rule = rule.id
        topic = rule.topic
        severity = remark.severity
        what = remark.what
        wanted = remark.wanted
        why = rule.why
        fix = remark.fix
        reference = rule.reference
    }
}
