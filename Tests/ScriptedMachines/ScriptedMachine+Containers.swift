// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux

@testable import MachineKit
@testable import CgroupKit

/// What engines and the hook do on a scripted machine.
extension ScriptedMachine {
    static let bootID = "d1f0c1a2-0000-4000-8000-000000000001"

    func granting() throws -> Granting { try Granting(on: self, summary: try HostSummary(at: self)) }

    /// Starts the first process of a container in a group of its own.
    ///
    /// - Returns: A grant of its CPUs, and of nothing else yet.
    func launch(
        _ id: String, cpus: CPUSet = [], process: Int32, in parent: String = "/docker"
    ) throws -> Grant {
        let group = CgroupPath(parent).child(id)
        try add(group: group.description, cpus: cpus.isEmpty ? nil : cpus.description)
        add(task: process, "runc:[2:INIT]", in: group.description)
        var grant = Grant(
            id: id, engine: "docker", process: process, started: 1, group: group, budgetGroup: group)
        grant.cpus = cpus
        return grant
    }

    /// The same of a container whose CPUs interrupts leave.
    func launchQuiet(_ id: String, cpus: CPUSet, process: Int32, in parent: String = "/docker") throws -> Grant {
        var grant = try launch(id, cpus: cpus, process: process, in: parent)
        grant.features[.irqs] = .disabledOn(cpus)
        return grant
    }

    @discardableResult
    func give(_ grant: Grant, strict: Set<Feature> = Feature.strict) throws -> [UnmetRequest] {
        var granting = try granting()
        return try granting.give(grant, strict: strict)
    }

    /// The process of a container ends, and its runtime removes its group; nobody is told.
    func vanish(_ grant: Grant) throws {
        cpusets.tasks[grant.process] = nil
        scheduling[grant.process] = nil
        if cpusets.groups[grant.group] != nil { try cpusets.removeDirectory(grant.group) }
        let own = grant.budgetGroup.components.joined(separator: "/") + "/"
        for file in texts.keys where file.tree == .cpu && file.path.hasPrefix(own) { texts[file] = nil }
    }

    /// A container ends, and the hook is told.
    func end(_ grant: Grant) throws {
        try vanish(grant)
        var granting = try granting()
        try granting.release(grant.id)
    }

    @discardableResult
    func followShield() throws -> [UnmetRequest] {
        var granting = try granting()
        return try granting.followShield()
    }

    /// Looks after the grants as `rtshield watch` does, until irqbalance has taken what it was told.
    func reconcile() throws {
        for _ in 0..<2 {
            irqbalance?.look()
            var granting = try granting()
            guard !granting.ledger.isEmpty else { return }
            _ = try granting.releaseDead()
            _ = try granting.followShield()
        }
    }

    /// What a file holds, without the white space around it.
    func held(_ file: KernelFile) -> String { textIfPresent(of: file) ?? "nothing" }

    func irq(_ number: Int) -> String { held(Interrupt.file(number)) }
}
