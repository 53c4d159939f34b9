// SPDX-License-Identifier: Apache-2.0

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit

extension ScriptedMachine {
    /// Everything that shielding may change, a line each.
    var snapshot: Set<String> {
        var lines: Set<String> = []
        for (path, group) in cpusets.groups {
            lines.insert("\(path) exists")
            // Before 7.0 a populated v2 group cannot go back to the empty list: the parent's CPUs are the same in effect.
            let inherits = cpusets.version == .v2 && (group.cpus.isEmpty || group.cpus == cpusets.online)
            lines.insert("\(path) cpus \(inherits ? "inherited" : group.cpus.description)")
            let inheritsMems = cpusets.version == .v2 && (group.mems.isEmpty || group.mems == cpusets.nodes)
            lines.insert("\(path) mems \(inheritsMems ? "inherited" : group.mems.description)")
            lines.insert("\(path) effective \(cpusets.allowed(in: path))")
            lines.insert(
                "\(path) exclusive \(group.isExclusive) balanced \(group.isBalanced) hands down \(group.handsDown)")
            lines.insert("\(path) partition \(group.partition) reserved \(group.reserved)")
        }
        for (id, task) in cpusets.tasks {
            let kept = cpusets.keepsAffinities ? (task.chosen ?? cpusets.online).description : "not kept"
            lines.insert("task \(id) in \(task.group), affinity \(task.affinity), chosen \(kept)")
        }
        for (file, text) in texts { lines.insert("\(path(of: file)) \(text.trimmingASCIISpace())") }
        if let irqbalance { lines.insert("irqbalance leaves \(irqbalance.banned) alone") }
        return lines
    }

    /// What differs from an earlier snapshot, in words; empty when nothing does.
    func differences(from earlier: Set<String>) -> [String] {
        let now = snapshot
        return earlier.subtracting(now).sorted().map { "- " + $0 } + now.subtracting(earlier).sorted().map { "+ " + $0 }
    }
}

extension ScriptedMachine {
    /// Makes a shield, as `rtshield create` does.
    @discardableResult
    func create(_ request: ShieldRequest) throws(ShieldError) -> ApplyReport {
        let shielding = try ShieldOperations(self)
        return try shielding.perform(try shielding.plan(request))
    }

    /// Removes it, as `rtshield destroy` does.
    @discardableResult
    func destroy() throws(ShieldError) -> UndoReport? { try ShieldOperations(self).destroy() }

    func plan(_ request: ShieldRequest) throws(ShieldError) -> Plan { try ShieldOperations(self).plan(request) }
}
