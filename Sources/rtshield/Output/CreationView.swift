// SPDX-License-Identifier: Apache-2.0

import CgroupKit

/// What `create` and `sweep` tell when they are done.
struct CreationView: Encodable {
    struct Staying: Encodable {
        var reason: StayReason
        var count: Int
        var names: [String]
    }

    struct Refused: Encodable {
        var id: Int32
        var name: String
        var error: String
    }

    var strategy: StrategyChoice
    var shield: Shield
    var changed: Bool
    var moved: Int
    var narrowed: Int
    var staying: [Staying]
    var refused: [Refused]
    var engineParents: [String: String]
    var warnings: [String]

    init(plan: Plan, swept: SweepReport, host: Host) {
        strategy = plan.strategy
        shield = plan.shield
        changed = !plan.changesNothing || !swept.changedNothing
        moved = swept.moved
        narrowed = swept.narrowed
        staying = StayReason.allCases.compactMap { reason in
            swept.staying[reason].map { Staying(reason: reason, count: $0.count, names: Set($0).sorted()) }
        }
        refused = swept.refused.map { Refused(id: $0.id, name: $0.name, error: "\($0.errno)") }
        let strategy = chooseStrategy(for: host.layout).strategy
        engineParents =
            plan.shield.placement.isPool
            ? Dictionary(
                uniqueKeysWithValues: plan.shield.partitions.map { ($0.name, strategy.engineParent(of: $0.name)) })
            : [:]
        warnings = ShieldWarnings(plan.shield, on: host).texts
    }

    func print(asJSON isJSON: Bool) throws(Failure) {
        for warning in warnings { Output.note("warning: \(warning)") }
        if isJSON { try Output.write(json: self) } else { try Output.write(text) }
    }

    private var text: String {
        guard changed else { return "CPUs \(shield.cpus) are shielded already; nothing had to be changed.\n" }
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
        for task in refused { lines.append("  \(task.name) (\(task.id)) refused to move: \(task.error).") }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension String {
    /// The text with spaces after it up to a width.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
