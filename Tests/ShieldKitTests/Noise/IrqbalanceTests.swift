// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("irqbalance")
struct IrqbalanceTests {
    private static let shield: CPUSet = [2, 3, 4, 5]

    @Test(
        "it leaves the shield alone beside its own bans, and gets those back",
        arguments: [[], [7], [2, 7]] as [CPUSet])
    func bans(own: CPUSet) throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        machine.addIrqbalance(banning: own)
        try machine.create(ShieldRequest(cpus: Self.shield))
        machine.irqbalance?.look()
        #expect(machine.irqbalance?.banned == own.union(Self.shield))
        try machine.create(ShieldRequest(cpus: [2]))
        machine.irqbalance?.look()
        #expect(machine.irqbalance?.banned == own.union([2]))
        try machine.destroy()
        #expect(machine.irqbalance?.banned == own)
    }

    @Test("it is found in a network that its service has to itself")
    func network() throws {
        let machine = try ScriptedMachine(.systemd, kernel: "6.12.0")
        machine.addUsualNoise()
        try machine.add(group: "/system.slice/irqbalance.service")
        machine.add(task: 417, "irqbalance", in: "/system.slice/irqbalance.service")
        machine.addIrqbalance(banning: [7], network: "417/net/unix")
        #expect(try machine.create(ShieldRequest(cpus: Self.shield)).banned == [2, 3, 4, 5, 7])
        try machine.destroy()
        machine.irqbalance?.look()
        #expect(machine.irqbalance?.banned == [7])
    }

    @Test("a destroy that comes before it took what create told it still gives back its own bans")
    func early() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        machine.addIrqbalance(banning: [7])
        try machine.create(ShieldRequest(cpus: Self.shield))
        #expect(machine.irqbalance?.banned == [7], "it has not looked yet")
        #expect(try machine.destroy()?.foreign == [])
        machine.irqbalance?.look()
        #expect(machine.irqbalance?.banned == [7])
    }

    @Test("one that was started again is told again, without the journal growing")
    func restart() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        machine.addIrqbalance(banning: [7])
        try machine.create(ShieldRequest(cpus: Self.shield))
        machine.irqbalance?.look()
        let size = machine.texts[Journal.file]?.count
        machine.irqbalance?.banned = [7]
        #expect(try machine.create(ShieldRequest(cpus: Self.shield)).banned == [2, 3, 4, 5, 7])
        #expect(machine.texts[Journal.file]?.count == size)
        try machine.destroy()
        #expect(machine.irqbalance?.banned == [7])
    }

    @Test(
        "where systemd starts it, drop-ins tell the next one, whatever version it is",
        arguments: [ScriptedMachine.Kind.systemd, .hybridV2])
    func dropIns(_ kind: ScriptedMachine.Kind) throws {
        let machine = try ScriptedMachine(kind, kernel: "6.1.0")
        machine.addIrqbalance()
        try machine.create(ShieldRequest(cpus: Self.shield))
        let file = KernelFile(.units, "irqbalance.service.d/50-rtshield-irqbalance.env")
        #expect(machine.texts[file] == "IRQBALANCE_BANNED_CPULIST=2-5\nIRQBALANCE_BANNED_CPUS=0000003c\n")
        try machine.destroy()
        #expect(machine.texts[file] == nil)
    }

    @Test("one that is told otherwise by somebody else keeps that, and destroy says so")
    func foreign() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        machine.addIrqbalance()
        try machine.create(ShieldRequest(cpus: Self.shield))
        machine.irqbalance?.look()
        machine.irqbalance?.banned = [1]
        let report = try #require(try machine.destroy())
        #expect(report.foreign.map(\.path) == ["irqbalance"])
        #expect(machine.irqbalance?.banned == [1])
    }

    @Test("without the attribute it is not asked for anything")
    func without() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        machine.addIrqbalance()
        var request = ShieldRequest(cpus: Self.shield)
        request.attributes.remove(.irqbalance)
        try machine.create(request)
        #expect(machine.irqbalance?.banned == [])
    }
}
