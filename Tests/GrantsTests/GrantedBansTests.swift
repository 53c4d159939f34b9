// SPDX-License-Identifier: Apache-2.0

import Grants
import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("irqbalance and grants")
struct GrantedBansTests {
    private func machine(banning own: CPUSet = [7]) throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.addUsualNoise()
        machine.addIrqbalance(banning: own)
        return machine
    }

    @Test("it leaves quiet CPUs alone beside its own, and gets those back", arguments: [[], [7], [2, 7]] as [CPUSet])
    func bans(own: CPUSet) throws {
        let machine = try machine(banning: own)
        let grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        machine.irqbalance?.look()
        #expect(machine.irqbalance?.banned == own.union([2, 3]))
        try machine.end(grant)
        try machine.reconcile()
        #expect(machine.irqbalance?.banned == own && machine.texts[Ledger.file] == nil)
    }

    @Test("a container that ends before it looked leaves no ban behind")
    func early() throws {
        let machine = try machine()
        let grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        try machine.end(grant)
        machine.irqbalance?.look()
        #expect(machine.irqbalance?.banned == [7] && machine.texts[Ledger.file] == nil)
    }

    @Test("one that starts before it looked does not take the bans of the last for its own")
    func successor() throws {
        let machine = try machine()
        let first = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        try machine.give(first)
        machine.irqbalance?.look()
        try machine.end(first)
        let second = try machine.launchQuiet("b", cpus: [5], process: 301)
        try machine.give(second)
        machine.irqbalance?.look()
        #expect(machine.irqbalance?.banned == [5, 7])
        try machine.end(second)
        try machine.reconcile()
        #expect(machine.irqbalance?.banned == [7] && machine.texts[Ledger.file] == nil)
    }

    @Test("one that is started again is told again with the next look")
    func restart() throws {
        let machine = try machine()
        let grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        machine.addIrqbalance(banning: [7])
        try machine.reconcile()
        machine.irqbalance?.look()
        #expect(machine.irqbalance?.banned == [2, 3, 7])
    }

    @Test("one that is gone or does not listen keeps nobody from starting or ending", arguments: [true, false])
    func gone(isDeaf: Bool) throws {
        let machine = try machine()
        let grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        if isDeaf { machine.faults.refusals = [("irqbalance417.sock", .connectionRefused)] }
        #expect(try machine.give(grant) == [])
        if !isDeaf { machine.irqbalance = nil }
        try machine.end(grant)
        machine.revive()
        try machine.reconcile()
        #expect(machine.irq(24) == "0-7" && machine.texts[Ledger.file] == nil)
    }

    @Test("a container that wants interrupts is nothing that it is told of")
    func unasked() throws {
        let machine = try machine()
        machine.clearTrace()
        try machine.give(try machine.launch("a", cpus: [2], process: 300))
        #expect(!machine.trace.contains { $0.contains("irqbalance") })
    }
}
