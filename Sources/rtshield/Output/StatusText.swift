// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Reports
import ShieldKit
import Text

extension ShieldReport: Printable {
    func text(_ style: Style) -> String { StatusText(report: self, style: style).text }

    var quiet: String { shield.map { "\($0.cpus)\n" } ?? "" }

    /// The exit status of `status`.
    var exitStatus: Int32 {
        switch state {
        case .shielded: Exit.done
        case .interrupted: Exit.refused
        case .none: Exit.noShield
        }
    }
}

/// The machine and its shield, drawn for people.
private struct StatusText {
    let report: ShieldReport
    let style: Style

    /// The drawing, the worst of what was found before it.
    var text: String {
        let sections = [headline, facts, table, shares, guests, noise, staying, interrupts, findings]
        return sections.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    // MARK: - Head

    private var headline: String {
        switch report.state {
        case .none: style(.strong, "No CPU is shielded.") + " Shield some with 'rtshield create --cpus LIST'.\n"
        case .interrupted:
            style(.error, "The shield is incomplete.") + " Run 'rtshield destroy' to put everything back.\n"
        case .shielded:
            style(.strong, report.shield.map { $0.cpus.count == 1 ? "CPU \($0.cpus) is" : "CPUs \($0.cpus) are" } ?? "")
                + style(.strong, " shielded.") + verdict + "\n"
        }
    }

    /// How many findings there are that a person should act on.
    private var verdict: String {
        let count = report.findings.count { $0.severity >= .warning }
        guard count > 0 else { return "" }
        let isError = report.findings.contains { $0.severity == .error }
        return " "
            + style(
                isError ? .error : .warning,
                count == 1 ? "1 finding needs attention." : "\(count) findings need attention.")
    }

    private var facts: String {
        let owner = report.cgroups.owner == .systemd ? "owned by systemd" : "not owned by systemd"
        return fact("kernel", report.kernel.release + (report.kernel.isRealtime ? ", real-time" : ""))
            + fact("cgroups", "\(report.cgroups.title) at \(report.cgroups.mountPoint), \(owner)")
            + fact("strategy", "\(report.strategy.name): \(report.strategy.reason)")
            + (report.shield.map { fact("placement", $0.placement.title) } ?? "")
            + (report.pool.map { fact("pool", "\($0.group), state in the kernel: \($0.state)") } ?? "")
    }

    private func fact(_ label: String, _ text: String) -> String {
        style.wrapped(text.safeToPrint, first: "  " + label, indent: 13)
    }

    // MARK: - CPUs

    private var table: String {
        let online = CPUSet(report.cpus.filter(\.isOnline).map(\.cpu))
        let offline = CPUSet(report.cpus.filter { !$0.isOnline }.map(\.cpu))
        var table = CPUTable(cpus: report.cpus.map(\.cpu), style: style)
        if report.partitions.isEmpty { table.add("online", .members(online, .housekeeping)) }
        for partition in report.partitions {
            let look: Style.Rendition = partition.name == Partition.housekeeping ? .housekeeping : .shielded
            table.add(partition.name, .members(partition.cpus.intersection(online), look))
        }
        if !offline.isEmpty { table.add("offline", .members(offline, .faint)) }
        let isolated = CPUSet(report.cpus.filter(\.isIsolatedAtBoot).map(\.cpu))
        if !isolated.isEmpty { table.add("isolcpus=", .members(isolated, .warning)) }
        if Set(report.cpus.compactMap(\.node)).count > 1 {
            table.add("node", .numbers(numbers { $0.node }, missing: offline))
        }
        if report.cpus.contains(where: { $0.siblings.count == 1 }) {
            let alone = CPUSet(report.cpus.filter(\.siblings.isEmpty).map(\.cpu))
            table.add("sibling", .numbers(numbers { $0.siblings.first }, missing: alone))
        }
        table.add("tasks", .numbers(numbers(\.tasks), missing: offline))
        table.add("irqs", .numbers(numbers(\.irqs), missing: offline))
        return table.text
    }

    private func numbers(_ number: (ShieldReport.CPUReport) -> Int?) -> [Int: Int] {
        Dictionary(uniqueKeysWithValues: report.cpus.compactMap { cpu in number(cpu).map { (cpu.cpu, $0) } })
    }

    // MARK: - Partitions

    private var shares: String {
        guard !report.partitions.isEmpty else { return "" }
        var rows = [["partition", "CPUs", "tasks", "containers"]]
        rows += report.partitions.map { [$0.name, "\($0.cpus)", "\($0.tasks)", "\($0.containers)"] }
        if report.pool != nil {
            rows[0].append("cgroup parent")
            for (index, partition) in report.partitions.enumerated() {
                rows[index + 1].append(partition.engineParent ?? "–")
            }
        }
        return TextColumns(rows: rows, rightAligned: [2, 3]).text(style)
    }

    private var guests: String {
        guard !report.guests.isEmpty else { return "" }
        let rows = report.guests.map {
            [$0.name.safeToPrint, "CPUs \($0.cpus)", "\($0.tasks) task\($0.tasks == 1 ? "" : "s")"]
        }
        return heading("Cgroups pinned to shielded CPUs") + TextColumns(rows: rows).text(style, hasHead: false)
    }

    private var staying: String {
        guard !report.staying.isEmpty else { return "" }
        return heading("Tasks that cannot leave the shield")
            + report.staying.map { stay in
                let names = stay.names.prefix(8).map { $0.count == 1 ? $0.name : "\($0.name) (\($0.count))" }
                let rest = stay.names.dropFirst(8).reduce(0) { $0 + $1.count }
                let list = names.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
                return style.wrapped(stay.explanation, first: "\(stay.count)".padded(left: 6), indent: 8)
                    + style.wrapped(list.safeToPrint, indent: 8)
            }.joined()
    }

    // MARK: - Noise

    private var noise: String {
        guard !report.noise.isEmpty else { return "" }
        let present = report.noise.filter { !$0.values.isEmpty }
        let width = present.map { $0.attribute.rawValue.count }.max() ?? 0
        return heading("Noise sources: kept off or not, and their values")
            + present.map { part in
                let name = "  \(part.attribute.rawValue.padded(to: width))  \(part.isWanted ? "on " : "off")  "
                let values = part.values.map(Self.text).joined(separator: "; ")
                return style.wrapped(values, first: name, indent: width + 9)
            }.joined() + leftToKernel
    }

    private var leftToKernel: String {
        guard !report.leftToKernel.isEmpty else { return "" }
        let names = report.leftToKernel.map(\.rawValue).joined(separator: ", ")
        return style.wrapped("left to the kernel, which keeps these off isolated CPUs by itself: \(names)", indent: 2)
    }

    private static func text(_ value: NoiseReport.Value) -> String {
        guard let cpus = value.cpus else { return value.value }
        let place = cpus.isEmpty ? "no CPU" : cpus.count == 1 ? "CPU \(cpus)" : "CPUs \(cpus)"
        return value.value.isEmpty ? place : "\(value.value) on \(place)"
    }

    private var interrupts: String {
        let staying = report.interrupts.filter { $0.reason != "movable" }
        guard !staying.isEmpty else { return "" }
        return heading("Interrupts on the shield")
            + staying.map { part in
                let first = "\(part.interrupts.count)".padded(left: 6)
                return style.wrapped("\(part.reason): \(part.explanation)", first: first, indent: 8)
                    + style.wrapped(part.summary(limit: 8).safeToPrint, indent: 8)
            }.joined()
    }

    private func heading(_ text: String) -> String { "  " + style(.strong, text) + "\n" }

    // MARK: - Findings

    private var findings: String { report.findings.map { ProblemText($0).text($0.severity, style) }.joined() }
}
