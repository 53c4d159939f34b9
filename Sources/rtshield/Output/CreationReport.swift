// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Linux
import MachineKit
import Reports
import ShieldKit
import Text

/// What `create`, `apply` and `reconcile` answer.
struct CreationReport: Printable {
    struct Staying: Encodable {
        var reason: UnmovableReason
        var count: Int
        var names: [String]
    }

    struct Refused: Encodable {
        var id: Int32
        var name: String
        var error: String
    }

    struct Tuned: Encodable {
        var attribute: NoiseSource
        /// How many files took their value.
        var changed: Int
        /// How many the kernel keeps to itself, or refused.
        var refused: Int
    }

    struct RefusedFile: Encodable {
        var path: String
        var value: String
        var error: String?
    }

    var strategy: StrategyChoice
    var shield: Shield
    var changed: Bool
    var moved: Int
    var narrowed: Int
    var staying: [Staying]
    var refused: [Refused]
    var tuned: [Tuned]
    /// What the kernel does by itself for isolated CPUs.
    var leftToKernel: [NoiseSource]
    var refusedFiles: [RefusedFile]
    var banned: CPUSet?
    var cycled: CPUSet
    var notCycled: CPUSet
    var engineParents: [String: String]
    var warnings: [String]

    init(plan: Plan, report: ApplyReport, shielding: ShieldOperations) {
        let (swept, host) = (report.swept, shielding.host)
        strategy = plan.strategy
        shield = plan.shield
        changed = !plan.changesNothing || !report.changedNothing
        tuned = NoiseSource.allCases.compactMap { attribute in
            let changed = report.tuned.taken[attribute]?.count ?? 0
            let refused = report.tuned.refused[attribute]?.count ?? 0
            return changed + refused > 0 ? Tuned(attribute: attribute, changed: changed, refused: refused) : nil
        }
        refusedFiles = report.tuned.refused.values.flatMap(\.self).map {
            RefusedFile(path: shielding.machine.path(of: $0.file), value: $0.file.text($0.value), error: $0.errno?.name)
        }.sorted { $0.path < $1.path }
        leftToKernel = plan.shield.leftToKernel(on: host)
        banned = report.banned
        cycled = report.cycled
        notCycled = report.notCycled
        moved = swept.moved
        narrowed = swept.narrowed
        staying = UnmovableReason.allCases.compactMap { reason in
            swept.staying[reason].map { Staying(reason: reason, count: $0.count, names: Set($0).sorted()) }
        }
        refused = swept.refused.map { Refused(id: $0.id, name: $0.name, error: "\($0.errno)") }
        let strategy = chooseStrategy(for: host.layout).strategy
        engineParents =
            plan.shield.placement.isPool
            ? Dictionary(
                uniqueKeysWithValues: plan.shield.partitions.map { ($0.name, strategy.engineParent(of: $0.name)) })
            : [:]
        warnings = ShieldWarnings(plan.shield, on: shielding).texts
        if let late = Finding(late: report.late) {
            warnings.append([late.what, late.why, late.advice].compactMap(\.self).joined(separator: "; "))
        }
        if report.isIrqbalanceUnavailable {
            warnings.append("irqbalance is running but could not be told to leave the shield alone; restart it")
        }
    }

    var notes: [String] { warnings.map { "warning: \($0)" } }

    func text(_ style: Style) -> String {
        guard changed else { return "CPUs \(shield.cpus) are shielded already; nothing was changed.\n" }
        var lines = [
            "CPUs \(shield.cpus) are shielded, \(shield.placement.title) placement (\(strategy.name): \(strategy.reason))."
        ]
        lines.append("  system    \(shield.housekeeping)")
        for partition in shield.partitions {
            let parent = engineParents[partition.name].map { ", cgroup parent \($0)" } ?? ""
            lines.append("  \(partition.name.padded(to: 9)) \(partition.cpus)\(parent)")
        }
        lines.append("  \(moved) tasks moved off the shield, \(narrowed) narrowed to housekeeping.")
        for stay in staying { lines.append("  \(stay.count) stay: \(stay.reason.explanation).") }
        lines += noise
        for task in refused {
            lines.append("  \(task.name.safeToPrint) (\(task.id)) could not be moved: \(task.error).")
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// What was done beside the tasks.
    private var noise: [String] {
        var lines: [String] = []
        // What the kernel does from now on was given back.
        let done = tuned.filter { $0.changed > 0 && !leftToKernel.contains($0.attribute) }.map { part in
            part.attribute == .irqs ? "irqs (\(part.changed))" : part.attribute.rawValue
        }
        if !done.isEmpty { lines.append("  Kept off the shield: \(done.joined(separator: ", ")).") }
        if !leftToKernel.isEmpty {
            lines.append("  Left to the kernel: \(leftToKernel.map(\.rawValue).joined(separator: ", ")).")
        }
        if let banned { lines.append("  irqbalance leaves CPUs \(banned) alone.") }
        let irqs = tuned.first { $0.attribute == .irqs }?.refused ?? 0
        if irqs > 0 { lines.append("  \(irqs) interrupts cannot be moved; 'rtshield status' names them.") }
        if !cycled.isEmpty { lines.append("  CPUs \(cycled) were cycled, so their timers moved.") }
        if !notCycled.isEmpty { lines.append("  CPU \(notCycled) does not go offline, so its timers stay.") }
        return lines
    }
}
