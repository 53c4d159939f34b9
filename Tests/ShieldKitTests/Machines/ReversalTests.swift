// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Making and removing a shield")
struct ReversalTests {
    /// A host on which containers had run, and what is asked of it.
    struct Case: CustomTestStringConvertible, Sendable {
        var kind: ScriptedMachine.Kind
        var kernel: String
        var placement: Placement

        var testDescription: String { "\(kind) \(kernel) \(placement.title)" }

        static let all = ["6.1.0", "6.12.0", "7.2.0"].flatMap { kernel in
            [ScriptedMachine.Kind.v1, .v2, .systemd, .hybridV2].flatMap { kind in
                [.open, .pool(balanced: false)].map { Case(kind: kind, kernel: kernel, placement: $0) }
            }
        }

        /// Everything that can be asked for.
        var request: ShieldRequest {
            var request = ShieldRequest(cpus: [2, 3, 4, 5], placement: placement)
            request.attributes = Set(NoiseSource.allCases)
            request.irqRules = [IRQRule("eth0-*", cpus: [4])]
            return request
        }

        func machine() throws -> ScriptedMachine {
            let machine = try ScriptedMachine(kind, kernel: kernel, topology: "node:2 core:4")
            if kind == .systemd || kind == .hybridV2 {
                try machine.add(group: "/system.slice/docker.service")
                try machine.add(group: "/system.slice/docker-\(String(repeating: "a", count: 64)).scope", cpus: "0-7")
                machine.add(task: 300, "sleep", in: "/system.slice/docker-\(String(repeating: "a", count: 64)).scope")
                machine.add(task: 301, "dockerd", in: "/system.slice/docker.service", affinity: [1, 2])
                try machine.add(group: "/init.scope")
                machine.cpusets.tasks[1]?.group = "/init.scope"
            } else {
                try machine.add(group: "/docker/plain", cpus: "0-7")
                machine.add(task: 300, "sleep", in: "/docker/plain")
                machine.add(task: 301, "sleep", in: "/docker/plain", affinity: [3])
            }
            machine.addUsualTasks()
            machine.addUsualNoise()
            machine.addIrqbalance(banning: [7])
            return machine
        }
    }

    @Test("create and then destroy leave the machine as it was", arguments: Case.all)
    func roundTrip(_ test: Case) throws {
        let machine = try test.machine()
        let before = machine.snapshot
        try machine.create(test.request)
        #expect(machine.snapshot != before)
        let report = try #require(try machine.destroy())
        #expect(machine.differences(from: before) == [])
        #expect(report.foreign == [] && report.unfinished == [])
    }

    @Test("a program that dies at any change leaves what destroy puts back", arguments: Case.all)
    func death(_ test: Case) throws {
        for change in 0..<(try changes(test)) {
            let machine = try test.machine()
            let before = machine.snapshot
            machine.faults.death = change
            #expect(throws: ShieldError.self) { try machine.create(test.request) }
            machine.revive()
            try machine.destroy()
            #expect(machine.differences(from: before) == [], "died at change \(change): \(machine.trace)")
        }
    }

    @Test("a destroy that dies at any change is finished by the next one", arguments: Case.all)
    func deathOfDestroy(_ test: Case) throws {
        let sample = try test.machine()
        try sample.create(test.request)
        sample.faults = Faults()
        try sample.destroy()
        for change in 0..<sample.faults.changes {
            let machine = try test.machine()
            let before = machine.snapshot
            try machine.create(test.request)
            machine.faults = Faults()
            machine.faults.death = change
            _ = try? machine.destroy()
            machine.revive()
            try machine.destroy()
            #expect(machine.differences(from: before) == [], "died at change \(change): \(machine.trace)")
        }
    }

    @Test("a refusal at any change undoes what was done, and says why", arguments: Case.all)
    func refusal(_ test: Case) throws {
        for change in 0..<(try changes(test)) {
            let machine = try test.machine()
            let before = machine.snapshot
            machine.faults.failing = (change, .inputOutput)
            do throws(ShieldError) {
                // A task that cannot be moved or narrowed stops nothing; it is named.
                try machine.create(test.request)
                try machine.destroy()
            } catch {
                guard case .refused(let refusal) = error else {
                    Issue.record("refused at change \(change): \(error)")
                    continue
                }
                #expect(refusal.left == [])
                #expect(!refusal.why.isEmpty && !refusal.advice.isEmpty)
            }
            #expect(machine.differences(from: before) == [], "refused at change \(change): \(machine.trace)")
        }
    }

    /// How many changes a create takes.
    private func changes(_ test: Case) throws -> Int {
        let machine = try test.machine()
        try machine.create(test.request)
        return machine.faults.changes
    }
}
