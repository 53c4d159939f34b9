// SPDX-License-Identifier: Apache-2.0

import Checks
import MachineKit
import Reports
import ShieldKit
import Text

/// A problem for people: what in one line, then why, and what to do.
struct ProblemText {
    private let what: String
    /// What follows, each with its label.
    private let lines: [(label: String, text: String?)]
    private let details: [String]

    init(_ problem: Problem) {
        what = problem.what
        lines = [("why:", problem.why), ("try:", problem.fix)]
        details = problem.details
    }

    init(_ finding: Finding) { self.init(finding.problem.safeToPrint) }

    /// One that is as it should be needs no reasons, and reasons are told once.
    init(_ finding: CheckFinding, isFirst: Bool) {
        what = finding.what.breakable.safeToPrint
        let rest: [(label: String, text: String?)] = [
            ("want:", finding.wanted?.breakable.safeToPrint), ("why:", isFirst ? finding.why : nil),
            ("try:", finding.fix?.safeToPrint), ("see:", isFirst ? "\(finding.reference) [\(finding.rule)]" : nil),
        ]
        lines = finding.severity == .ok ? [] : rest
        details = []
    }

    /// The lines of an error message, which are not broken: whoever reads standard error may look for a part of one.
    var plain: String {
        let told = lines.compactMap { line in
            line.text.map { "\(line.label.padded(to: 5)) \($0)" }
        }
        return "rtshield: \(what)\n" + (told + details).map { "  \($0)\n" }.joined()
    }

    /// The lines of a finding, behind how much it matters.
    func text(_ severity: Finding.Severity, _ style: Style) -> String {
        let (word, look): (String, Style.Rendition) =
            switch severity {
            case .ok: ("ok", .shielded)
            case .note: ("note", .faint)
            case .warning: ("warning", .warning)
            case .error: ("error", .error)
            }
        let label = "  \(word)"
        let first = style.wrapped(what, first: label, indent: 11).dropFirst(label.count)
        return "  " + style(look, word) + first + lines.map { line($0.label, $0.text, style) }.joined()
    }

    private func line(_ label: String, _ text: String?, _ style: Style) -> String {
        guard let text else { return "" }
        let indent = max(16, 12 + label.count)
        return style.wrapped(text, first: String(repeating: " ", count: 11) + label, indent: indent)
    }
}

extension String {
    /// The text with a blank behind each comma of CPU lists that fit on no line.
    fileprivate var breakable: String {
        split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.count < 50
                ? String(word) : word.split(separator: ",", omittingEmptySubsequences: false).joined(separator: ", ")
        }.joined(separator: " ")
    }
}
