// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// A table with a column a CPU, however many there are: neighbours that are alike share a column where one each does not fit,
/// and where even that does not fit, each row is a list.
struct CPUTable {
    /// What one row tells.
    enum Cells {
        /// Which CPUs belong to it, and which should; without a request those that do.
        case members(CPUSet, Style.Rendition, wanted: CPUSet? = nil)
        /// A number for each CPU, and those for which there is none.
        case numbers([Int: Int], missing: CPUSet)
    }

    private struct Row {
        var label: String
        var cells: Cells
    }

    private let cpus: [Int]
    private let style: Style
    private var rows: [Row] = []
    /// How wide the column of labels is, with the margin before it.
    private var labelWidth: Int { max(12, (rows.map(\.label.count).max() ?? 0) + 2) }

    init(cpus: [Int], style: Style) {
        self.cpus = cpus
        self.style = style
    }

    mutating func add(_ label: String, _ cells: Cells) { rows.append(Row(label: label, cells: cells)) }

    var text: String {
        for columns in [cpus.map { $0...$0 }, merged] {
            let width = cellWidth(columns)
            if labelWidth + columns.count * (width + 1) <= style.width { return matrix(columns, width) }
        }
        return lists
    }

    // MARK: - Columns

    /// Neighbouring CPUs with the same cells as one column each.
    private var merged: [ClosedRange<Int>] {
        cpus.reduce(into: []) { columns, cpu in
            if let last = columns.last, last.upperBound + 1 == cpu,
                rows.allSatisfy({ isAlike($0.cells, cpu, last.lowerBound) })
            {
                columns[columns.count - 1] = last.lowerBound...cpu
            } else {
                columns.append(cpu...cpu)
            }
        }
    }

    private func isAlike(_ cells: Cells, _ one: Int, _ other: Int) -> Bool {
        switch cells {
        case .members(let set, _, let wanted):
            set.contains(one) == set.contains(other) && wanted?.contains(one) == wanted?.contains(other)
        case .numbers(let numbers, let missing):
            numbers[one] == numbers[other] && missing.contains(one) == missing.contains(other)
        }
    }

    private func cellWidth(_ columns: [ClosedRange<Int>]) -> Int {
        let labels = columns.map { Self.title($0).count }
        let numbers = rows.flatMap { row -> [Int] in
            guard case .numbers(let numbers, _) = row.cells else { return [] }
            return numbers.values.map { "\($0)".count }
        }
        return max(3, (labels + numbers).max() ?? 0)
    }

    private static func title(_ column: ClosedRange<Int>) -> String {
        column.count == 1 ? "\(column.lowerBound)" : "\(column.lowerBound)-\(column.upperBound)"
    }

    // MARK: - Drawing

    private func matrix(_ columns: [ClosedRange<Int>], _ width: Int) -> String {
        let head = line("CPU", columns.map { style(.strong, Self.title($0).padded(left: width)) })
        return head
            + rows.map { row in
                line(row.label, columns.map { cell(row.cells, $0.lowerBound, width) })
            }.joined()
    }

    private func line(_ label: String, _ cells: [String]) -> String {
        "  " + label.padded(to: labelWidth - 2) + cells.map { " " + $0 }.joined() + "\n"
    }

    private func cell(_ cells: Cells, _ cpu: Int, _ width: Int) -> String {
        switch cells {
        case .members(let set, let look, let wanted):
            switch (set.contains(cpu), (wanted ?? set).contains(cpu)) {
            case (true, true): return style(look, String(repeating: "█", count: width))
            case (false, false): return style(.faint, "·".padded(left: width))
            case (true, false): return style(.error, String(repeating: "+", count: width))
            case (false, true): return style(.error, String(repeating: "-", count: width))
            }
        case .numbers(let numbers, let missing):
            let number = missing.contains(cpu) ? nil : numbers[cpu] ?? 0
            let text = (number.map { "\($0)" } ?? "–").padded(left: width)
            return number ?? 0 == 0 ? style(.faint, text) : text
        }
    }

    /// Each row as a list: the CPUs of a set, or each number with the CPUs that have it.
    private var lists: String {
        rows.map { row in
            let label = "  " + row.label.padded(to: labelWidth - 2)
            switch row.cells {
            case .members(let set, _, let wanted):
                let surplus = set.subtracting(wanted ?? set)
                let missing = (wanted ?? set).subtracting(set)
                let text =
                    Self.title(set) + (surplus.isEmpty ? "" : "; +: \(Self.spaced(surplus))")
                    + (missing.isEmpty ? "" : "; -: \(Self.spaced(missing))")
                return style.wrapped(text, first: label, indent: labelWidth + 1)
            case .numbers(let numbers, let missing):
                var byNumber: [Int: CPUSet] = [:]
                for cpu in cpus where !missing.contains(cpu) { byNumber[numbers[cpu] ?? 0, default: []].insert(cpu) }
                let items = byNumber.sorted { $0.key > $1.key }
                    .map { "\($0.key) on \(Self.spaced($0.value))" }
                return style.wrapped(items.joined(separator: "; "), first: label, indent: labelWidth + 1)
            }
        }.joined()
    }

    private static func title(_ cpus: CPUSet) -> String { cpus.isEmpty ? "none" : spaced(cpus) }

    /// A list that can be broken into lines after its commas.
    private static func spaced(_ cpus: CPUSet) -> String {
        cpus.description.split(separator: ",").joined(separator: ", ")
    }
}
