// SPDX-License-Identifier: Apache-2.0

import Checks
import MachineKit
import Reports
import ShieldKit

/// A finding for people: what in one line, then what should be, why, and what to do.
struct FindingText {
    private let severity: Finding.Severity
    private let what: String
    /// What follows, each with its label.
    private let lines: [(label: String, text: String?)]
    private let style: Style

    init(_ finding: Finding, style: Style) {
        severity = finding.severity
        what = finding.what
        lines = [("why:", finding.why), ("try:", finding.advice)]
        self.style = style
    }

    /// One that is as it should be needs no reasons, and reasons are told once.
    init(_ finding: CheckFinding, isFirst: Bool, style: Style) {
        severity = finding.severity
        what = finding.what.breakable
        let rest: [(label: String, text: String?)] = [
            ("want:", finding.wanted?.breakable), ("why:", isFirst ? finding.why : nil), ("try:", finding.fix),
            ("see:", isFirst ? "\(finding.reference) [\(finding.rule)]" : nil),
        ]
        lines = finding.severity == .ok ? [] : rest
        self.style = style
    }

    var text: String {
        let (word, look): (String, Style.Rendition) =
            switch severity {
            case .ok: ("ok", .shielded)
            case .note: ("note", .faint)
            case .warning: ("warning", .warning)
            case .error: ("error", .error)
            }
        let label = "  \(word)"
        let first = style.wrapped(what.safeToPrint, first: label, indent: 11).dropFirst(label.count)
        return "  " + style(look, word) + first + lines.map { line($0.label, $0.text) }.joined()
    }

    private func line(_ label: String, _ text: String?) -> String {
        guard let text else { return "" }
        let indent = max(16, 12 + label.count)
        return style.wrapped(text.safeToPrint, first: String(repeating: " ", count: 11) + label, indent: indent)
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
