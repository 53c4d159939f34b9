// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit
package import Reports
import ShieldKit

/// What `rtshield check` tells: who claims which CPUs, and what was found.
package struct CheckReport: Sendable, Encodable {
    /// The CPUs that are meant to be quiet, and who says so.
    package let intent: Intent?
    /// Every online CPU.
    package let online: CPUSet
    /// Who claims which CPUs.
    package let claims: [Claim]
    /// What was found, the worst first.
    package let findings: [CheckFinding]

    /// Looks at a machine; nothing is changed.
    package init(of evidence: Evidence, topics: [Topic] = Topic.allCases) {
        intent = evidence.intent
        online = evidence.host.online
        claims = Claim.all(in: evidence)
        let found = topics.flatMap(Rule.rules(of:)).flatMap { rule in
            rule.look(evidence).map { CheckFinding($0, of: rule) }
        }
        findings = found.enumerated().sorted {
            ($1.element.severity, $0.offset) < ($0.element.severity, $1.offset)
        }.map(\.element)
    }

    /// The worst that was found; ok when nothing was.
    package var worst: Finding.Severity { findings.first?.severity ?? .ok }
}

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
