// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit
@testable import ScriptedMachines
@testable import ShieldKit
@testable import rtshield

@Suite("A round of watch")
struct WatchRoundTests {
    /// What rounds said, in order.
    private final class Heard {
        var notes: [String] = []
        var complaints: [String] = []
    }

    private let heard = Heard()
    private let shield: CPUSet = [2, 3, 4, 5]

    private func machine() throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.addUsualNoise()
        return machine
    }

    private func round(_ machine: ScriptedMachine) -> WatchRound {
        WatchRound(
            open: { () throws(Failure) in machine }, note: { [heard] in heard.notes.append($0) },
            complain: { [heard] in heard.complaints.append($0.what) })
    }

    private func create(on machine: ScriptedMachine) throws {
        var request = ShieldRequest(cpus: shield)
        request.attributes = [.irqs]
        try machine.create(request)
    }

    @Test("repairs what others changed, says so once, and holds the lock no longer than that")
    func repairs() throws {
        let machine = try machine()
        try create(on: machine)
        machine.texts[Interrupt.file(24)] = "0-7\n"
        var round = round(machine)
        var watched: [WatchedPaths] = []
        var wasFree = false
        machine.observer = { wasFree = wasFree || !$0.isLocked }
        round.repair { watched.append($0) }
        #expect(machine.irq(24) == "0-1,6-7" && !wasFree && !machine.isLocked)
        #expect(heard.notes.count == 1 && heard.notes[0].contains("irq/24/smp_affinity_list: '0-7' -> '0-1,6-7'"))
        #expect(round.status == "CPUs 2-5 are shielded" && watched.first?.files.isEmpty == false)
        machine.clearTrace()
        round.repair { watched.append($0) }
        #expect(machine.trace == [] && heard.notes.count == 1 && heard.complaints == [] && watched.count == 2)
    }

    @Test("without a shield looks after what containers were granted")
    func grants() throws {
        let machine = try machine()
        let grant = try machine.launchQuiet("a", cpus: [2], process: 300)
        try machine.give(grant)
        try machine.vanish(grant)
        var round = round(machine)
        round.repair { _ in }
        #expect(round.status == "there is no shield" && machine.irq(24) == "0-7")
        #expect(heard.notes == ["took back the grant of container a, which has ended"])
    }

    @Test("complains of the same fault once, until it is gone")
    func complaints() throws {
        let machine = try machine()
        try create(on: machine)
        var round = round(machine)
        let fault = "cannot open /run/rtshield/lock: Interrupted system call"
        for isLocked in [true, true, false, true] {
            machine.isLocked = isLocked
            round.repair { _ in }
            #expect(round.status == (isLocked ? fault : "CPUs 2-5 are shielded"))
        }
        #expect(heard.complaints == [fault, fault])
    }

    @Test("leaves a shield alone whose making was interrupted, and says what to do")
    func interrupted() throws {
        let machine = try machine()
        machine.faults.death = 6
        #expect(throws: ShieldError.self) { try create(on: machine) }
        machine.revive()
        machine.clearTrace()
        var round = round(machine)
        round.repair { _ in }
        #expect(round.status == "making the shield was interrupted" && heard.complaints == [round.status])
        #expect(machine.trace == [])
    }
}
