// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Kernel threads of grants beside a shield")
struct ShieldAndThreadsTests {
    private func machine(_ kind: ScriptedMachine.Kind = .v2, kernel: String = "6.12.0") throws -> ScriptedMachine {
        let machine = try ScriptedMachine(kind, kernel: kernel)
        machine.addKernelThreads()
        try machine.add(group: "/docker/idle", cpus: "0-7")
        return machine
    }

    private func request(_ cpus: CPUSet, _ placement: Placement = .open) -> ShieldRequest {
        var request = ShieldRequest(cpus: cpus, placement: placement)
        request.attributes = [.kernelThreads]
        return request
    }

    @Test("on CPUs that a shield keeps free of them no thread is read or moved")
    func covered() throws {
        let machine = try machine()
        try machine.create(request([2, 3]))
        let grant = try machine.launchVacant("a", cpus: [2, 3], process: 300)
        machine.clearTrace()
        let reads = machine.reads
        try machine.give(grant)
        try machine.followShield()
        try machine.end(grant)
        #expect(!machine.trace.contains { $0.hasPrefix("affinity") } && machine.reads - reads < 40)
    }

    @Test("one that was born beside both has all CPUs once both are gone", arguments: [true, false])
    func born(isShieldFirst: Bool) throws {
        let machine = try machine()
        let grant = try machine.launchVacant("a", cpus: [3, 6], process: 300)
        let before = machine.snapshot
        try machine.create(request([2, 3]))
        try machine.give(grant)
        machine.add(task: 30, "scsi_eh_0", parent: 2, flags: ScriptedTask.kernel)
        try machine.create(request([2, 3]))
        try machine.followShield()
        #expect(machine.cpusets.tasks[30]?.affinity == [0, 1, 4, 5, 7])
        if isShieldFirst {
            try machine.destroy()
            try machine.followShield()
            #expect(machine.cpusets.tasks[30]?.affinity == [0, 1, 2, 4, 5, 7])
        }
        var granting = try machine.granting()
        try granting.release("a")
        if !isShieldFirst {
            try machine.destroy()
            try machine.followShield()
        }
        #expect(machine.cpusets.tasks[30]?.affinity == CPUSet(0...7) && machine.texts[Ledger.file] == nil)
        machine.cpusets.tasks[30] = nil
        #expect(machine.differences(from: before) == [])
    }

    @Test("a shield that shrinks leaves its CPUs to them, but those of a container")
    func shrinking() throws {
        let machine = try machine()
        let grant = try machine.launchVacant("a", cpus: [5, 6], process: 300)
        try machine.create(request([2, 3, 4, 5]))
        try machine.give(grant)
        try machine.create(request([2, 3]))
        try machine.followShield()
        #expect(machine.cpusets.tasks[20]?.affinity == [0, 1, 4, 7])
        var granting = try machine.granting()
        try granting.release("a")
        #expect(machine.cpusets.tasks[20]?.affinity == [0, 1, 4, 5, 6, 7])
    }

    @Test(
        "a pool takes what it needs and gives all back, whether or not it keeps them off",
        arguments: [ScriptedMachine.Kind.v1, .v2].flatMap { kind in
            ["6.1.0", "6.12.0"].flatMap { kernel in [true, false].map { (kind, kernel, $0) } }
        })
    func pool(kind: ScriptedMachine.Kind, kernel: String, sweeps: Bool) throws {
        var request = request([2, 3], .pool(balanced: true))
        if !sweeps { request.attributes = [] }
        for isEarly in [true, false] {
            let machine = try machine(kind, kernel: kernel)
            let before = machine.snapshot
            machine.cpusets.groups["/docker/idle"]?.cpus = kind == .v1 ? [0, 1] : []
            let grant = try machine.launchVacant("a", cpus: [6], process: 300)
            try machine.give(grant)
            try machine.create(request)
            try machine.followShield()
            #expect(machine.cpusets.tasks[20]?.affinity.contains(6) == false)
            if isEarly { try machine.end(grant) }
            try machine.destroy()
            try machine.followShield()
            if !isEarly { try machine.end(grant) }
            let differences = machine.differences(from: before).filter { $0.contains("task ") }
            #expect(differences == [], "\(isEarly ? "the container" : "the shield") ended first")
        }
    }

    @Test("a thread is given back whole while another container is isolated")
    func isolated() throws {
        let machine = try machine()
        let before = machine.snapshot
        machine.cpusets.groups["/docker/idle"]?.cpus = [0, 1]
        let vacant = try machine.launchVacant("a", cpus: [3], process: 300)
        var isolated = try machine.launch("b", cpus: [5], process: 301)
        isolated.features[.loadBalancing] = .disabled
        try machine.give(vacant)
        #expect(try machine.give(isolated) == [])
        try machine.followShield()
        #expect(machine.cpusets.tasks[20]?.affinity == [0, 1, 2, 4, 6, 7])
        try machine.end(vacant)
        try machine.end(isolated)
        #expect(machine.cpusets.tasks[20]?.affinity == CPUSet(0...7) && machine.texts[Ledger.file] == nil)
        #expect(machine.differences(from: before).filter { $0.contains("task ") } == [])
    }
}
