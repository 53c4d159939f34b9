// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("CPUs without interrupts")
struct InterruptGrantTests {
    private func machine() throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.addUsualNoise()
        return machine
    }

    @Test("every interrupt that can be moved leaves, and new ones do not come")
    func narrowing() throws {
        let machine = try machine()
        let before = machine.snapshot
        let grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        #expect(try machine.give(grant) == [])
        #expect([0, 24, 26, 27].map(machine.irq) == ["0-1,4-7", "0-1,4-7", "0-1", "4-5"])
        #expect(machine.held(ControlFile.defaultIRQAffinity.location()) == "000000f3")
        try machine.end(grant)
        try machine.cpusets.removeDirectory("/docker")
        #expect(machine.differences(from: before).filter { !$0.contains("hands down") } == [])
    }

    @Test("one that would be left with no CPU goes to all others, and comes back")
    func homeless() throws {
        let machine = try machine()
        let grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        #expect(machine.irq(25) == "0-1,4-7")
        try machine.end(grant)
        #expect(machine.irq(25) == "3")
    }

    @Test("one whose other CPUs are offline goes to all that are online")
    func offline() throws {
        let machine = try machine()
        machine.texts[KernelFile(.sys, "devices/system/cpu/online")] = "0-6\n"
        machine.texts[Interrupt.file(25)] = "3,7\n"
        try machine.give(try machine.launchQuiet("a", cpus: [2, 3], process: 300))
        #expect(machine.irq(25) == "0-1,4-6")
    }

    @Test("where all CPUs are quiet interrupts stay where they are")
    func nowhere() throws {
        let machine = try machine()
        #expect(try machine.give(try machine.launchQuiet("a", cpus: CPUSet(0...7), process: 300)) == [])
        #expect(machine.irq(24) == "0-7" && machine.held(ControlFile.defaultIRQAffinity.location()) == "ff")
    }

    @Test(
        "one that the kernel does not move stays, and is nobody's loss",
        arguments: [Errno.inputOutput, .notPermitted, .noSuchFileOrDirectory, .invalidArgument])
    func refused(errno: Errno) throws {
        let machine = try machine()
        let grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        machine.faults.refusals = [("irq/24/smp_affinity_list", errno)]
        #expect(try machine.give(grant, strict: [.irqs]) == [])
        #expect(machine.irq(24) == "0-7" && machine.irq(27) == "4-5")
        try machine.end(grant)
        #expect(machine.irq(27) == "2-5" && machine.texts[Ledger.file] == nil)
    }

    @Test("one whose device goes while its CPUs are quiet is forgotten")
    func removed() throws {
        let machine = try machine()
        let grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        machine.texts[Interrupt.file(24)] = nil
        try machine.end(grant)
        #expect(machine.texts[Interrupt.file(24)] == nil && machine.texts[Ledger.file] == nil)
    }

    @Test("one that comes later leaves with the next look")
    func late() throws {
        let machine = try machine()
        let grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        machine.texts[Interrupt.file(30)] = "2\n"
        try machine.followShield()
        #expect(machine.irq(30) == "0-1,4-7")
        try machine.end(grant)
        #expect(machine.irq(30) == "2")
    }

    @Test("one that was moved back onto quiet CPUs leaves again with the next look")
    func repaired() throws {
        let machine = try machine()
        let grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        machine.texts[Interrupt.file(24)] = "3\n"
        try machine.followShield()
        #expect(machine.irq(24) == "0-1,4-7")
        try machine.end(grant)
        #expect(machine.irq(24) == "0-7")
    }

    @Test("two containers end in any order", arguments: [true, false])
    func two(isFirstFirst: Bool) throws {
        let machine = try machine()
        let first = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        let second = try machine.launchQuiet("b", cpus: [5], process: 301)
        let before = machine.snapshot
        try machine.give(first)
        try machine.give(second)
        #expect([24, 25, 27].map(machine.irq) == ["0-1,4,6-7", "0-1,4,6-7", "4"])
        try machine.end(isFirstFirst ? first : second)
        #expect(
            [24, 25, 27].map(machine.irq) == (isFirstFirst ? ["0-4,6-7", "3", "2-4"] : ["0-1,4-7", "0-1,4-7", "4-5"]))
        try machine.end(isFirstFirst ? second : first)
        #expect([24, 25, 27].map(machine.irq) == ["0-7", "3", "2-5"])
        #expect(machine.differences(from: before).filter { !$0.contains("/docker") && !$0.contains("task") } == [])
    }

    @Test("what replaces another on the same CPUs keeps them quiet when the other ends")
    func replacement() throws {
        let machine = try machine()
        let old = try machine.launchQuiet("old", cpus: [2, 3], process: 300)
        try machine.give(old)
        let new = try machine.launchQuiet("new", cpus: [2, 3], process: 301)
        try machine.give(new)
        machine.clearTrace()
        try machine.end(old)
        #expect(machine.irq(24) == "0-1,4-7" && !machine.trace.contains { $0.contains("/irq/") })
        try machine.end(new)
        #expect(machine.irq(24) == "0-7" && machine.texts[Ledger.file] == nil)
    }

    @Test("masks of more than 64 CPUs keep their width")
    func wide() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0", topology: "node:2 core:36")
        machine.texts[ControlFile.defaultIRQAffinity.location()] = "ff,ffffffff,ffffffff\n"
        machine.texts[Interrupt.file(24)] = "0-71\n"
        machine.texts[Interrupt.file(25)] = "64-71\n"
        let grant = try machine.launchQuiet("a", cpus: [2, 64, 65], process: 300)
        try machine.give(grant)
        #expect(machine.held(ControlFile.defaultIRQAffinity.location()) == "000000fc,ffffffff,fffffffb")
        #expect(machine.irq(24) == "0-1,3-63,66-71" && machine.irq(25) == "66-71")
        try machine.end(grant)
        #expect(
            machine.held(ControlFile.defaultIRQAffinity.location()) == "ff,ffffffff,ffffffff"
                && machine.irq(25) == "64-71")
    }

    @Test("a container that asks for nothing has no interrupt looked at")
    func unasked() throws {
        let machine = try machine()
        machine.clearTrace()
        try machine.give(try machine.launch("a", cpus: [2], process: 300))
        #expect(!machine.trace.contains { $0.contains("irq") })
    }
}
