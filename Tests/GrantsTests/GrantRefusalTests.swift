// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Grants that the machine refuses")
struct GrantRefusalTests {
    private func machine(_ kind: ScriptedMachine.Kind) throws -> ScriptedMachine {
        let machine = try ScriptedMachine(kind, kernel: "6.12.0")
        machine.addUsualNoise()
        for cpu in 0..<8 {
            machine.texts[KernelFile(.sys, "devices/system/cpu/cpu\(cpu)/power/pm_qos_resume_latency_us")] = "0\n"
        }
        try machine.add(group: "/docker/idle", cpus: "0-7")
        return machine
    }

    private func grant(on machine: ScriptedMachine) throws -> Grant {
        var grant = try machine.launchQuiet("a", cpus: [2, 3], process: 300)
        grant.features.merge([.idleStates: .value("5"), .governor: .value("performance")]) { $1 }
        grant.realtime = Grant.Realtime(RealtimeGrant(policy: .fifo, priority: 5))
        return grant
    }

    @Test(
        "a refusal at any change of one that must have all of it undoes everything",
        arguments: [ScriptedMachine.Kind.v1, .v2])
    func strict(kind: ScriptedMachine.Kind) throws {
        let sample = try machine(kind)
        try sample.give(try grant(on: sample))
        for change in 0..<sample.faults.changes {
            let machine = try machine(kind)
            let grant = try grant(on: machine)
            let before = machine.snapshot
            machine.faults = Faults()
            machine.faults.failing = (change, .permissionDenied)
            // Interrupts may refuse.
            if (try? machine.give(grant, strict: Set(Feature.allCases))) != nil {
                try machine.granting().ledger.grants.forEach { #expect($0 == grant) }
                continue
            }
            #expect(machine.differences(from: before) == [], "refused at change \(change): \(machine.trace)")
            #expect(try machine.granting().ledger.isEmpty)
        }
    }

    @Test("one that may do without gets the rest, and is told what it has not got")
    func lenient() throws {
        let machine = try machine(.v2)
        let grant = try grant(on: machine)
        machine.faults.refusals = [
            ("cpu2/cpufreq/scaling_governor", .invalidArgument), ("pm_qos_resume_latency_us", .inputOutput),
        ]
        let unmet = try machine.give(grant, strict: [.realtime])
        #expect(Set(unmet.map(\.feature)) == [.governor, .idleStates] && unmet.count == 3)
        #expect(unmet.contains { $0.line.contains("cpu2/cpufreq/scaling_governor: Invalid argument") })
        #expect(machine.held(KernelFile(.sys, "devices/system/cpu/cpu3/cpufreq/scaling_governor")) == "performance")
        #expect(machine.irq(24) == "0-1,4-7" && machine.priorityLimits[300] == 5)
        machine.revive()
        try machine.end(grant)
        #expect(machine.held(KernelFile(.sys, "devices/system/cpu/cpu3/cpufreq/scaling_governor")) == "schedutil")
        #expect(machine.texts[Ledger.file] == nil)
    }

    @Test("a value that the file takes and does not hold is told")
    func notHeld() throws {
        let machine = try machine(.v2)
        var grant = try grant(on: machine)
        grant.cpus = [2]
        let file = KernelFile(.sys, "devices/system/cpu/cpu2/cpufreq/scaling_governor")
        machine.observer = { $0.texts[file] = "schedutil\n" }
        let unmet = try machine.give(grant, strict: [])
        #expect(
            unmet.map(\.description) == [
                "governor: /sys/\(file.path) took 'performance' and holds 'schedutil'"
            ])
    }

    @Test("the grants of others stay when one is refused")
    func others() throws {
        let machine = try machine(.v2)
        let other = try machine.launchQuiet("b", cpus: [3, 5], process: 301)
        try machine.give(other)
        let grant = try grant(on: machine)
        let before = machine.snapshot
        machine.faults.refusals = [("300", .notPermitted)]
        #expect(throws: GrantError.self) { try machine.give(grant) }
        #expect(machine.differences(from: before) == [])
        #expect(try machine.granting().ledger.grants == [other])
    }

    @Test("what could not be given back is tried again")
    func retried() throws {
        let machine = try machine(.v2)
        let grant = try grant(on: machine)
        let before = machine.snapshot
        try machine.give(grant)
        machine.faults.refusals = [("scaling_governor", .busy)]
        var granting = try machine.granting()
        try granting.release("a")
        #expect(try !machine.granting().ledger.isEmpty)
        machine.revive()
        try machine.reconcile()
        #expect(machine.differences(from: before) == [])
    }
}
