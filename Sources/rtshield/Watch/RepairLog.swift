// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit
import Text

/// One line for each thing that was repaired.
struct RepairLog {
    let plan: Plan
    let report: ApplyReport
    let machine: any Machine

    var lines: [String] {
        let steps = plan.steps.compactMap(line)
        let tuned = report.tuned.taken.sorted { $0.key < $1.key }.flatMap { attribute, writes in
            writes.map { "\(attribute.rawValue): \(text($0))" }
        }
        return steps + tuned + others
    }

    private func line(_ step: Step) -> String? {
        switch step {
        case .write(let write): return text(write)
        case .makeGroup(let spec): return "created \(machine.path(of: spec.path.directory)) again"
        case .units(let change): return "installed \(change.files.map(\.path).joined(separator: ", ")) again"
        default: return nil
        }
    }

    private func text(_ write: Write) -> String {
        "\(machine.path(of: write.file)): '\(write.oldText)' -> '\(write.newText)' (\(write.why))"
    }

    private var others: [String] {
        var lines: [String] = []
        if let banned = report.banned { lines.append("told irqbalance to leave CPUs \(banned) alone") }
        if report.swept.moved > 0 { lines.append("moved \(report.swept.moved) tasks off the shield") }
        if report.swept.narrowed > 0 {
            let names = report.swept.narrowedNames
            let more = report.swept.narrowed - names.count
            lines.append(
                "narrowed \(names.map(\.safeToPrint).joined(separator: ", "))" + (more > 0 ? " and \(more) more" : ""))
        }
        return lines
    }
}
