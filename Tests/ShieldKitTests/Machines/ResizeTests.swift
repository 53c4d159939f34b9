// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Another list for a shield that stands")
struct ResizeTests {
    static let cases = [ScriptedMachine.Kind.v1, .v2, .systemd, .hybridV2].flatMap { kind in
        ["6.1.0", "6.12.0"].flatMap { kernel in
            [Placement.open, .pool(balanced: false)].map { (kind, kernel, $0) }
        }
    }

    private func machine(_ kind: ScriptedMachine.Kind, _ kernel: String) throws -> ScriptedMachine {
        let machine = try ScriptedMachine(kind, kernel: kernel)
        let group = kind == .systemd ? "/system.slice/docker-1.scope" : "/docker/plain"
        try machine.add(group: group, cpus: "0-7")
        machine.add(task: 50, "nginx", in: group)
        try machine.add(group: "/batch/night", cpus: "0-7")
        machine.add(task: 52, "report", in: "/batch/night")
        if kind == .systemd {
            try machine.add(group: "/system.slice/cron.service")
            machine.add(task: 51, "cron", in: "/system.slice/cron.service")
        }
        machine.addUsualTasks()
        return machine
    }

    /// How many changes to the machine resize a shield of CPUs 2-5.
    private func changes(to second: ShieldRequest, _ kind: ScriptedMachine.Kind, _ kernel: String) throws -> Int {
        let machine = try machine(kind, kernel)
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5], placement: second.placement))
        machine.faults = Faults()
        try machine.create(second)
        return machine.faults.changes
    }

    /// Tasks that may use one of these CPUs although they could be kept off them.
    private func intruders(on cpus: CPUSet, _ machine: ScriptedMachine) -> [String] {
        machine.cpusets.tasks.values.filter { task in
            !task.refusesAffinity && task.name != "rcuop/3" && !task.affinity.isDisjoint(with: cpus)
        }.map { "\($0.id) \($0.name) in \($0.group) on \($0.affinity)" }.sorted()
    }

    @Test("CPUs that both lists hold stay free of everybody at every step", arguments: cases)
    func noGap(kind: ScriptedMachine.Kind, kernel: String, placement: Placement) throws {
        for (first, second) in [([2, 3, 4, 5], [4, 5, 6, 7]), ([2, 3, 4, 5], [3, 4]), ([3, 4], [2, 3, 4, 5])]
            as [(CPUSet, CPUSet)]
        {
            let machine = try machine(kind, kernel)
            let before = machine.snapshot
            try machine.create(ShieldRequest(cpus: first, placement: placement))
            let both = first.intersection(second)
            #expect(intruders(on: first, machine) == [])
            var seen: Set<String> = []
            machine.observer = { machine in
                for intruder in self.intruders(on: both, machine) where seen.insert(intruder).inserted {
                    Issue.record("\(first) to \(second): \(intruder) after \(machine.trace.last ?? "")")
                }
            }
            try machine.create(ShieldRequest(cpus: second, placement: placement))
            machine.observer = { _ in }
            #expect(intruders(on: second, machine) == [])
            try machine.destroy()
            #expect(machine.differences(from: before) == [])
        }
    }

    @Test("tasks get the CPUs that a shield gives back", arguments: cases)
    func givenBack(kind: ScriptedMachine.Kind, kernel: String, placement: Placement) throws {
        let machine = try machine(kind, kernel)
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5], placement: placement))
        try machine.create(ShieldRequest(cpus: [4, 5, 6, 7], placement: placement))
        for id in [1, 2, 12, 50, 52, 100, 101, 200] as [Int32] {
            #expect(machine.cpusets.tasks[id]?.affinity == [0, 1, 2, 3], "task \(id)")
        }
    }

    @Test("a resize that is refused at any change leaves the shield that stood", arguments: cases)
    func refused(kind: ScriptedMachine.Kind, kernel: String, placement: Placement) throws {
        let second = ShieldRequest(cpus: [4, 5, 6, 7], placement: placement)
        for change in 0..<(try changes(to: second, kind, kernel)) {
            let machine = try machine(kind, kernel)
            let original = machine.snapshot
            try machine.create(ShieldRequest(cpus: [2, 3, 4, 5], placement: placement))
            let shielded = machine.snapshot
            machine.faults = Faults()
            machine.faults.failing = (change, .inputOutput)
            do throws(ShieldError) {
                try machine.create(second)
            } catch {
                #expect(machine.differences(from: shielded) == [], "refused at change \(change): \(machine.trace)")
            }
            machine.revive()
            try machine.destroy()
            #expect(machine.differences(from: original) == [], "refused at change \(change)")
        }
    }

    @Test("a resize that dies at any change is put back as a whole", arguments: cases)
    func died(kind: ScriptedMachine.Kind, kernel: String, placement: Placement) throws {
        let second = ShieldRequest(cpus: [4, 5, 6, 7], placement: placement)
        for change in 0..<(try changes(to: second, kind, kernel)) {
            let machine = try machine(kind, kernel)
            let original = machine.snapshot
            try machine.create(ShieldRequest(cpus: [2, 3, 4, 5], placement: placement))
            machine.faults = Faults()
            machine.faults.death = change
            _ = try? machine.create(second)
            machine.revive()
            try machine.destroy()
            #expect(machine.differences(from: original) == [], "died at change \(change): \(machine.trace)")
        }
    }
}
