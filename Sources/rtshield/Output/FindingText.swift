// SPDX-License-Identifier: Apache-2.0

import CgroupKit

/// A finding for people: what in one line, why and what to do below it.
struct FindingText {
    private let finding: Finding
    private let style: Style

    init(_ finding: Finding, style: Style) {
        self.finding = finding
        self.style = style
    }

    var text: String {
        let (word, look): (String, Style.Look) =
            switch finding.severity {
            case .ok: ("ok", .shielded)
            case .note: ("note", .faint)
            case .warning: ("warning", .warning)
            case .error: ("error", .error)
            }
        let label = "  \(word)"
        let lines = style.wrapped(finding.what.safeToPrint, first: label, indent: 11).dropFirst(label.count)
        return "  " + style(look, word) + lines + line("why:", finding.why) + line("try:", finding.advice)
    }

    private func line(_ label: String, _ text: String?) -> String {
        guard let text else { return "" }
        return style.wrapped(text.safeToPrint, first: String(repeating: " ", count: 11) + label, indent: 16)
    }
}
