// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Checks
import MachineKit
import Reports
import ShieldKit
import Text

/// What `check` answers: who claims which CPUs, then what was found, the worst first.
struct CheckAnswer: Printable {
    let report: CheckReport
    /// Whether to tell of what is well, too.
    let isVerbose: Bool

    func text(_ style: Style) -> String { CheckText(report: report, isVerbose: isVerbose, style: style).text }

    func encode(to encoder: any Encoder) throws { try report.encode(to: encoder) }

    /// The exit status of `check`.
    var exitStatus: Int32 {
        switch report.worst {
        case .ok, .note: Exit.done
        case .warning: Exit.warnings
        case .error: Exit.refused
        }
    }
}

/// The claims and the findings, drawn for people.
private struct CheckText {
    let report: CheckReport
    let isVerbose: Bool
    let style: Style

    var text: String {
        [headline, table, claims, findings].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    // MARK: - Head

    private var headline: String {
        let counts = [(Finding.Severity.error, "error"), (.warning, "warning"), (.note, "note")]
            .compactMap { severity, noun in
                let count = report.findings.count { $0.severity == severity }
                return count == 0 ? nil : "\(count) \(noun)\(count == 1 ? "" : "s")"
            }
        let summary = counts.isEmpty ? "No problems were found." : counts.joined(separator: ", ") + "."
        let look: Style.Rendition = report.worst == .error ? .error : report.worst == .warning ? .warning : .strong
        return style(look, summary) + " " + meaning + "\n"
    }

    private var meaning: String {
        guard let intent = report.intent else { return "No CPU of this machine is meant to be quiet." }
        let cpus = intent.cpus.count == 1 ? "CPU \(intent.cpus) is" : "CPUs \(intent.cpus) are"
        return "\(cpus) meant to be quiet, according to \(intent.speaker)."
    }

    // MARK: - Claims

    private var table: String {
        guard !report.claims.isEmpty else { return "" }
        var table = CPUTable(cpus: Array(report.online), style: style)
        for claim in report.claims { table.add(claim.name, cells(of: claim)) }
        return table.text + (report.claims.contains(where: disagrees) ? legend : "")
    }

    private var legend: String { "  + has a CPU that it should not have   - lacks a CPU that it should have\n" }

    private func cells(of claim: Claim) -> CPUTable.Cells {
        let look: Style.Rendition = claim.side == .isolated ? .shielded : .housekeeping
        let cpus = claim.cpus.intersection(report.online)
        return .members(cpus, look, wanted: wanted(of: claim))
    }

    /// The CPUs that a claim should name; nil where nobody can tell.
    private func wanted(of claim: Claim) -> CPUSet? {
        guard let intent = report.intent else { return nil }
        switch claim.side {
        case .isolated: return intent.cpus.intersection(report.online)
        case .housekeeping: return claim.cpus.intersection(report.online).subtracting(intent.cpus)
        case .reserved: return report.online.subtracting(intent.cpus)
        case .neither: return nil
        }
    }

    private func disagrees(_ claim: Claim) -> Bool {
        wanted(of: claim).map { $0 != claim.cpus.intersection(report.online) } ?? false
    }

    /// Who says so, for each row of the table.
    private var claims: String {
        guard !report.claims.isEmpty else { return "" }
        let rows = report.claims.map { [$0.name, $0.source.safeToPrint] }
        return TextColumns(rows: [["row", "set by"]] + rows).text(style)
    }

    // MARK: - Findings

    /// How many findings of one rule are told before the rest are counted.
    private static let mostOfARule = 3

    private var findings: String {
        var told: [String: Int] = [:]
        let shown = report.findings.filter { isVerbose || $0.severity != .ok }
        let text = shown.map { finding in
            told[finding.rule, default: 0] += 1
            let count = told[finding.rule] ?? 0
            guard isVerbose || count <= Self.mostOfARule else { return "" }
            return ProblemText(finding, isFirst: count == 1).text(finding.severity, style)
        }.joined()
        let left = told.filter { $0.value > Self.mostOfARule }.sorted { $0.key < $1.key }
        guard !isVerbose, !left.isEmpty else { return text }
        let counts = left.map { "\($0.value - Self.mostOfARule) more of \($0.key)" }.joined(separator: ", ")
        return text + "\n" + style.wrapped("Not shown: \(counts); '--verbose' shows them.", first: " ", indent: 2)
    }
}
