// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

/// A hook is killed with `kill -9`: what it left is found in the ledger.
@Suite("A hook that dies")
struct GrantDeathTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var kind: ScriptedMachine.Kind
        var kernel: String
        /// The CPUs of a container that has grants already; none when there is no other.
        var other: CPUSet = []
        var shield: CPUSet = []

        var testDescription: String { "\(kind) \(kernel), beside \(other), shield \(shield)" }

        static let all = [(ScriptedMachine.Kind.v1, "6.1.0"), (.v2, "6.1.0"), (.v2, "6.12.0")].flatMap { kind, kernel in
            [
                Case(kind: kind, kernel: kernel), Case(kind: kind, kernel: kernel, other: [3, 5]),
                Case(kind: kind, kernel: kernel, other: [2, 3]), Case(kind: kind, kernel: kernel, shield: [4, 5]),
            ]
        }

        /// The machine, and what it was before there was a shield on it.
        func machine() throws -> (machine: ScriptedMachine, before: Set<String>) {
            let machine = try ScriptedMachine(kind, kernel: kernel)
            machine.addUsualNoise()
            machine.addKernelThreads()
            machine.addIrqbalance(banning: [7])
            for cpu in 0..<8 {
                machine.texts[KernelFile(.sys, "devices/system/cpu/cpu\(cpu)/power/pm_qos_resume_latency_us")] = "0\n"
            }
            if kind == .v1 {
                for (path, budget) in [("", "950000"), ("docker/", "0"), ("docker/a/", "0"), ("docker/b/", "0")] {
                    machine.texts[KernelFile(.cpu, path + "cpu.rt_runtime_us")] = budget + "\n"
                }
            }
            try machine.add(group: "/docker/idle", cpus: "0-7")
            let start = machine.snapshot
            if !shield.isEmpty { try machine.create(ShieldRequest(cpus: shield)) }
            if !other.isEmpty {
                let grant = try grant("b", cpus: other, process: 301, on: machine)
                try machine.give(grant, strict: [])
            }
            machine.irqbalance?.look()
            return (machine, shield.isEmpty ? machine.snapshot : start)
        }

        func grant(_ id: String, cpus: CPUSet, process: Int32, on machine: ScriptedMachine) throws -> Grant {
            var grant = try machine.launchQuiet(id, cpus: cpus, process: process)
            grant.features.merge([.loadBalancing: .disabled, .kernelThreads: .disabled]) { $1 }
            grant.features[.idleStates] = .value("n/a")
            grant.features[.governor] = .value(id == "a" ? "performance" : "powersave")
            grant.realtime = Grant.Realtime(
                RealtimeGrant(
                    policy: .fifo, priority: 5, budget: RealtimeRequest.Budget(runtime: 1_000_000, period: 10_000_000)))
            return grant
        }
    }

    private enum Moment: CaseIterable {
        case give, release
    }

    /// Lets the hook of a container die at a change, and tells what the machine was before it came.
    ///
    /// - Returns: nil when the hook was done before that change.
    private func die(
        _ moment: Moment, at change: Int, _ test: Case
    ) throws -> (machine: ScriptedMachine, grant: Grant, before: Set<String>)? {
        let (machine, before) = try test.machine()
        let grant = try test.grant("a", cpus: [2, 3], process: 300, on: machine)
        if moment == .release {
            try machine.give(grant, strict: [])
            machine.irqbalance?.look()
            try machine.vanish(grant)
        }
        machine.faults = Faults()
        machine.faults.death = change
        if moment == .give {
            _ = try? machine.give(grant, strict: [])
        } else if var granting = try? machine.granting() {
            try? granting.release("a")
        }
        let isDead = machine.faults.isDead
        machine.revive()
        machine.irqbalance?.look()
        try machine.vanish(grant)
        return isDead ? (machine, grant, before) : nil
    }

    private func differences(_ machine: ScriptedMachine, from before: Set<String>) throws -> [String] {
        try machine.reconcile()
        try machine.destroy()
        try machine.reconcile()
        // Its group went with the container, and the budget in it.
        return machine.differences(from: before).filter { !$0.contains("/docker/a/") }
    }

    @Test("at any change of a start, what it did is taken back once it is found dead", arguments: Case.all)
    func start(_ test: Case) throws {
        var change = 0
        while let (machine, _, before) = try die(.give, at: change, test) {
            #expect(try differences(machine, from: before) == [], "died at change \(change): \(machine.trace)")
            change += 1
        }
        #expect(change > 5)
    }

    @Test("at any change of a start, the hook of its end takes back what it did", arguments: Case.all)
    func end(_ test: Case) throws {
        var change = 0
        while let (machine, grant, before) = try die(.give, at: change, test) {
            try machine.end(grant)
            #expect(try differences(machine, from: before) == [], "died at change \(change): \(machine.trace)")
            change += 1
        }
    }

    @Test("at any change of an end, the next look finishes it", arguments: Case.all)
    func release(_ test: Case) throws {
        var change = 0
        while let (machine, _, before) = try die(.release, at: change, test) {
            #expect(try differences(machine, from: before) == [], "died at change \(change): \(machine.trace)")
            change += 1
        }
        #expect(change >= 3)
    }

    @Test(
        "at any change, the next container gets what it asks for, and ends as if nothing had been", arguments: Case.all)
    func next(_ test: Case) throws {
        for moment in Moment.allCases {
            var change = 0
            while let (machine, _, before) = try die(moment, at: change, test) {
                var next = try machine.launchQuiet("c", cpus: [2], process: 302)
                next.features[.kernelThreads] = .disabled
                #expect(try machine.give(next) == [])
                #expect(machine.cpusets.tasks[20]?.affinity.contains(2) == false)
                #expect(CPUSet(kernelList: machine.irq(24))?.contains(2) == false)
                try machine.end(next)
                #expect(try differences(machine, from: before) == [], "died at change \(change): \(machine.trace)")
                change += 1
            }
        }
    }
}
