// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import Grants
import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("The ledger")
struct LedgerTests {
    private let bootID = ScriptedMachine.bootID

    /// A grant of everything.
    private var everything: Grant {
        var grant = Grant(
            id: "a1", engine: "crio", name: "radio", process: 300, started: 77, group: "/kubepods/pod1/a1",
            budgetGroup: "/kubepods/pod1/a1")
        (grant.cpus, grant.isPod) = ([2, 3, 70], true)
        grant.features = [
            .irqs: .disabledOn([3]), .loadBalancing: .disabled, .quota: .disabled, .kernelThreads: .disabled,
            .idleStates: .value("n/a"), .governor: .value("performance"),
        ]
        grant.realtime = Grant.Realtime(
            RealtimeGrant(
                policy: .deadline, priority: 5,
                budget: RealtimeRequest.Budget(runtime: 1, deadline: 2, period: UInt64(Int.max))))
        (grant.formerCPUs, grant.housekeeping) = ("", [0, 1])
        return grant
    }

    @Test("it is read back as it was written")
    func roundTrip() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        var ledger = Ledger(bootID: bootID)
        ledger.enter(everything)
        ledger.enter(Grant(id: "b", engine: "docker", process: 1, started: 0, group: .root, budgetGroup: .root))
        ledger.keep(.cpus(CPUSet(0...7)), of: .irqAffinity(24))
        ledger.banned = [7]
        try ledger.save(on: machine)
        #expect(try Ledger(of: machine, bootID: bootID) == ledger)
    }

    @Test("one of the format before means the same")
    func formerFormat() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.texts[Ledger.file] = """
            {"format": 1, "bootID": "\(bootID)", "quieted": "3", "vacated": "2-3,70", "banned": "7",
             "originals": [{"file": {"tree": "proc", "path": "irq/24/smp_affinity_list"}, "value": "0-7"}],
             "grants": [
               {"id": "a1", "engine": "crio", "name": "radio", "process": 300, "started": 77, "group": "/kubepods/pod1/a1",
                "budgetGroup": "/kubepods/pod1/a1", "cpus": "2-3,70", "quiet": "3", "movesKernelThreads": true,
                "isUnbalanced": true, "endsQuota": true, "isPod": true, "resumeLatency": "n/a", "governor": "performance",
                "realtime": {"policy": "deadline", "priority": 5, "runtime": 1, "deadline": 2, "period": \(Int.max)},
                "narrowedFrom": "", "narrowedTo": "0-1"},
               {"id": "b", "engine": "docker", "process": 1, "started": 0, "group": "/", "budgetGroup": "/", "cpus": "2",
                "quiet": "2", "movesKernelThreads": false, "isUnbalanced": false, "endsQuota": false, "isPod": false,
                "narrowedTo": ""}]}
            """
        var other = Grant(id: "b", engine: "docker", process: 1, started: 0, group: .root, budgetGroup: .root)
        (other.cpus, other.features) = ([2], [.irqs: .disabled])
        let ledger = try Ledger(of: machine, bootID: bootID)
        #expect(ledger.grants == [everything, other] && ledger.quiet == [2, 3])
        #expect(ledger.original(of: .irqAffinity(24)) == .cpus(CPUSet(0...7)) && ledger.banned == [7])
        #expect(ledger.quieted == [3] && ledger.vacated == [2, 3, 70] && ledger.threads == nil)
        try ledger.save(on: machine)
        #expect(try Ledger(of: machine, bootID: bootID) == ledger)
    }

    @Test("without a file it is empty, and so it is with one of another boot")
    func empty() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        #expect(try Ledger(of: machine, bootID: bootID).isEmpty)
        var ledger = Ledger(bootID: "another")
        ledger.enter(everything)
        try ledger.save(on: machine)
        #expect(try Ledger(of: machine, bootID: bootID) == Ledger(bootID: bootID))
    }

    @Test(
        "one that is damaged, torn or of another format stops everything, and nothing is changed",
        arguments: ["", "{", "[]", #"{"bootID":"x","format":1}"#, "other"])
    func damaged(text: String) throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.addUsualNoise()
        let grant = try machine.launchQuiet("a", cpus: [2], process: 300)
        var ledger = Ledger(bootID: bootID)
        ledger.format = 9
        ledger.enter(grant)
        try ledger.save(on: machine)
        if text != "other" { machine.texts[Ledger.file] = text }
        machine.clearTrace()
        let error = GrantError.damaged(path: "/run/rtshield/ledger")
        #expect(throws: error) { try machine.give(grant) }
        #expect(throws: error) { try machine.followShield() }
        #expect(machine.trace == [])
    }

    @Test("one that cannot be read is no missing one")
    func unreadable() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.faults.death = 0
        _ = try? machine.makeDirectory(KernelFile(.cpuset, "x"))
        #expect(throws: GrantError.self) { try Ledger(of: machine, bootID: bootID) }
    }

    @Test("a machine on which it cannot be written is not changed")
    func unwritable() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.addUsualNoise()
        let grant = try machine.launchQuiet("a", cpus: [2], process: 300)
        let before = machine.snapshot
        machine.faults.refusals = [("ledger", .noSpace)]
        #expect(throws: GrantError.self) { try machine.give(grant) }
        #expect(machine.differences(from: before) == [])
    }

    @Test("a number that it cannot hold is refused before anything is changed")
    func tooLarge() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.addUsualNoise()
        var grant = try machine.launchQuiet("a", cpus: [2], process: 300)
        let budget = RealtimeRequest.Budget(runtime: 1, period: .max)
        grant.realtime = Grant.Realtime(RealtimeGrant(policy: .deadline, priority: 0, budget: budget))
        let before = machine.snapshot
        #expect(throws: GrantError.self) { try machine.give(grant) }
        #expect(machine.differences(from: before) == [] && machine.scheduling.isEmpty)
    }

    @Test("once nothing is granted any more its file is gone")
    func settled() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.addUsualNoise()
        let grant = try machine.launchQuiet("a", cpus: [2], process: 300)
        try machine.give(grant)
        #expect(machine.texts[Ledger.file] != nil)
        try machine.end(grant)
        #expect(machine.texts[Ledger.file] == nil)
        try Ledger(bootID: bootID).save(on: machine)
    }

    @Test("a second grant of a container takes the place of the first")
    func replacing() {
        var ledger = Ledger(bootID: bootID)
        ledger.enter(everything)
        var other = everything
        other.features[.irqs] = .disabledOn([2])
        ledger.enter(other)
        #expect(ledger.grants == [other] && ledger["a1"] == other && ledger.quiet == [2])
        ledger.remove("a1")
        #expect(ledger.isEmpty && ledger["a1"] == nil)
    }

    @Test("of what a file held the oldest is remembered")
    func oldest() {
        var ledger = Ledger(bootID: bootID)
        ledger.keep(.cpus(CPUSet(0...7)), of: .irqAffinity(1))
        ledger.keep(.cpus(CPUSet(0...6)), of: .irqAffinity(1))
        #expect(ledger.original(of: .irqAffinity(1)) == .cpus(CPUSet(0...7)) && !ledger.isEmpty)
        ledger.forget(.irqAffinity(1))
        #expect(ledger.isEmpty)
    }
}
