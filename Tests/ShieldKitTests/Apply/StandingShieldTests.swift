// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("The shield that stands, read without the rest of the journal")
struct StandingShieldTests {
    private let bootID = "d1f0c1a2-0000-4000-8000-000000000001"
    private let first = ShieldRequest(cpus: [2, 3])
    private let second = ShieldRequest(cpus: [2, 3, 4, 5])

    private func machine() throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.v2, kernel: "6.1.0")
        try machine.add(group: "/docker/plain", cpus: "0-7")
        machine.addUsualTasks()
        machine.addUsualNoise()
        return machine
    }

    /// What the whole journal tells.
    private func whole(_ machine: ScriptedMachine) throws -> Shield? {
        guard let journal = try Journal(of: machine, bootID: bootID), journal.isComplete else { return nil }
        return journal.intent?.shield
    }

    private func expectSame(_ machine: ScriptedMachine, _ words: String) throws {
        #expect(try Journal.shield(on: machine, bootID: bootID) == whole(machine), "\(words)")
    }

    @Test("none, one, another after a resize, and none again")
    func life() throws {
        let machine = try machine()
        #expect(Journal.shield(on: machine, bootID: bootID) == nil)
        try machine.create(first)
        #expect(Journal.shield(on: machine, bootID: bootID)?.cpus == [2, 3])
        try expectSame(machine, "created")
        try machine.create(second)
        #expect(Journal.shield(on: machine, bootID: bootID)?.cpus == [2, 3, 4, 5])
        try expectSame(machine, "resized")
        try machine.create(second)
        try expectSame(machine, "created again")
        try machine.destroy()
        #expect(Journal.shield(on: machine, bootID: bootID) == nil)
    }

    @Test("that of another boot is none")
    func otherBoot() throws {
        let machine = try machine()
        try machine.create(first)
        #expect(Journal.shield(on: machine, bootID: "another") == nil)
    }

    @Test("the rules and attributes of the shield are read too")
    func details() throws {
        let machine = try machine()
        var request = second
        request.irqRules = [IRQRule(#"{"done":true}*"#, cpus: [4])]
        request.attributes = [.irqs]
        request.placement = .pool(balanced: true)
        try machine.create(request)
        let shield = try #require(Journal.shield(on: machine, bootID: bootID))
        #expect(shield.irqRules == request.irqRules && shield.attributes == [.irqs] && shield.placement.isPool)
        try expectSame(machine, "pool")
    }

    @Test("a create, a resize or a destroy that died at any change is seen as the whole journal shows it")
    func death() throws {
        for resizes in [false, true] {
            for destroys in [false, true] {
                var isDead = true
                var change = 0
                while isDead {
                    let machine = try machine()
                    if resizes || destroys { try machine.create(first) }
                    machine.faults = Faults()
                    machine.faults.death = change
                    if destroys {
                        _ = try? machine.destroy()
                    } else {
                        _ = try? machine.create(resizes ? second : first)
                    }
                    isDead = machine.faults.isDead
                    machine.revive()
                    try expectSame(machine, "resizes \(resizes), destroys \(destroys), died at change \(change)")
                    // Every third is proof enough of what one journal line more means.
                    change += destroys ? 3 : 1
                }
            }
        }
    }

    @Test(
        "a create or a resize that is refused at any change is seen as the whole journal shows it",
        arguments: [true, false])
    func refused(resizes: Bool) throws {
        var refusals = 0
        for change in 0..<60 {
            let machine = try machine()
            if resizes { try machine.create(first) }
            machine.faults = Faults()
            machine.faults.failing = (change, .inputOutput)
            if (try? machine.create(second)) == nil {
                refusals += 1
                #expect(Journal.shield(on: machine, bootID: bootID)?.cpus == (resizes ? [2, 3] : nil))
            }
            try expectSame(machine, "refused at change \(change)")
        }
        #expect(refusals > 3)
    }

    @Test("a torn last line does not count, at whatever byte it was torn")
    func torn() throws {
        let machine = try machine()
        try machine.create(first)
        let text = try #require(machine.texts[Journal.file])
        let last = try #require(text.split(separator: "\n").last).utf8.count
        for cut in 1...last + 1 {
            machine.texts[Journal.file] = String(decoding: text.utf8.dropLast(cut), as: UTF8.self)
            try expectSame(machine, "\(cut) bytes cut")
        }
    }

    @Test("a file that is no journal is no shield")
    func garbage() throws {
        let machine = try machine()
        for text in ["", "\n\n", "{}", "{\"header\":{}}", "{\"done\":true}\n"] {
            machine.texts[Journal.file] = text
            #expect(Journal.shield(on: machine, bootID: bootID) == nil)
        }
    }
}
