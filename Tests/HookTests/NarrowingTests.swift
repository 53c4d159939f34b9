// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import OCIHook
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Keeping containers off the CPUs of others")
struct NarrowingTests {
    private let plain = ShownContainer(id: "plain")

    private func machine(_ kind: ScriptedMachine.Kind, _ kernel: String = "6.12.0") throws -> ScriptedMachine {
        let machine = try ScriptedMachine(kind, kernel: kernel)
        machine.addUsualNoise()
        try machine.add(group: "/docker/idle", cpus: "0-7")
        return machine
    }

    private func cpus(_ machine: ScriptedMachine, _ path: CgroupPath = "/docker/plain") -> CPUSet {
        machine.cpusets.allowed(in: path)
    }

    private func shield(_ cpus: CPUSet, on machine: ScriptedMachine) throws {
        try machine.create(ShieldRequest(cpus: cpus))
        try machine.followShield()
    }

    private func unshield(_ machine: ScriptedMachine) throws {
        try machine.destroy()
        #expect(try machine.followShield() == [])
    }

    @Test(
        "one that asks for no CPUs is kept off an open shield, follows it, and is widened when it ends",
        arguments: [
            (.v1, "6.1.0"), (.v1, "6.12.0"), (.v2, "6.1.0"), (.v2, "6.12.0"), (.v2, "7.1.0"),
        ] as [(ScriptedMachine.Kind, String)])
    func life(kind: ScriptedMachine.Kind, kernel: String) throws {
        let machine = try machine(kind, kernel)
        try shield([2, 3], on: machine)
        #expect(try machine.start(plain, process: 300) == [])
        #expect(cpus(machine) == [0, 1, 4, 5, 6, 7] && machine.cpusets.tasks[300]?.affinity == [0, 1, 4, 5, 6, 7])
        try shield([2, 3, 4, 5], on: machine)
        #expect(cpus(machine) == [0, 1, 6, 7])
        try shield([7], on: machine)
        #expect(cpus(machine) == CPUSet(0...6))
        try unshield(machine)
        #expect(cpus(machine) == CPUSet(0...7) && machine.texts[Ledger.file] == nil)
    }

    @Test("what it was kept from does not outlive it", arguments: [ScriptedMachine.Kind.v1, .v2])
    func end(kind: ScriptedMachine.Kind) throws {
        let machine = try machine(kind)
        let before = machine.snapshot
        try shield([2, 3], on: machine)
        try machine.start(plain, process: 300)
        let grant = try #require(try machine.granting().ledger["plain"])
        #expect(grant.housekeeping == [0, 1, 4, 5, 6, 7] && grant.group == "/docker/plain")
        try machine.vanish(grant)
        try machine.stop("plain")
        #expect(machine.texts[Ledger.file] == nil)
        try unshield(machine)
        #expect(machine.differences(from: before) == [])
    }

    @Test("a list that the kernel does not take back empty becomes all CPUs")
    func populated() throws {
        let machine = try machine(.v2, "6.1.0")
        try shield([2, 3], on: machine)
        try machine.start(plain, process: 300)
        machine.clearTrace()
        try unshield(machine)
        let writes = machine.trace.filter { $0.contains("/docker/plain/cpuset.cpus ") }.map {
            $0.split(separator: " ").dropFirst(2)
        }
        #expect(writes.map { $0.joined(separator: " ") }.suffix(2) == ["'': ENOSPC", "'0-7'"])
    }

    @Test("in a pool, and without a shield, nobody is kept off anything", arguments: [true, false])
    func pool(hasPool: Bool) throws {
        let machine = try machine(.v2)
        if hasPool { try machine.create(ShieldRequest(cpus: [2, 3], placement: .pool(balanced: false))) }
        machine.clearTrace()
        #expect(try machine.start(plain, process: 300) == [])
        #expect(machine.trace == [] && machine.texts[Ledger.file] == nil)
    }

    @Test("one that asks for CPUs by number keeps them")
    func named() throws {
        let machine = try machine(.v2)
        try shield([2, 3], on: machine)
        #expect(try machine.start(ShownContainer(id: "plain", cpus: "0-3"), process: 300) == [])
        #expect(cpus(machine) == [0, 1, 2, 3] && machine.texts[Ledger.file] == nil)
    }

    @Test("crun's group inside that of a container is not the one that is narrowed")
    func crun() throws {
        let machine = try machine(.v1)
        try shield([2, 3], on: machine)
        try machine.add(group: "/docker/plain/container")
        machine.add(task: 300, "crun", in: "/docker/plain/container")
        let summary = try HostSummary(at: machine)
        let decision = Decision(
            on: try plain.container, in: DecisionContext(shield: summary.shield), by: ContainerPolicy())
        _ = try HookInvocation(on: machine, summary: summary, caller: 1).start(decision, process: 300, strict: [])
        #expect(try machine.granting().ledger["plain"]?.group == "/docker/plain")
    }

    @Test("one that cannot be narrowed starts, unless that is demanded")
    func refused() throws {
        let machine = try machine(.v2)
        try shield([2, 3], on: machine)
        machine.faults.refusals = [("plain/cpuset.cpus", .busy)]
        #expect(try machine.start(plain, process: 300).map { $0.hasPrefix("cpus: cannot write '0-1,4-7'") } == [true])
        let policy = ContainerPolicy(strict: [.cpus])
        let failure = #expect(throws: HookFailure.self) { try machine.start(plain, process: 300, policy: policy) }
        #expect(failure?.isFatal == true)
        #expect(machine.texts[Ledger.file] == nil)
    }

    @Test(
        "a verb that dies at any change while it follows the shield is finished by the next look",
        arguments: [ScriptedMachine.Kind.v1, .v2])
    func death(kind: ScriptedMachine.Kind) throws {
        for resizes in [true, false] {
            var change = 0
            var isDead = true
            while isDead {
                let machine = try machine(kind)
                try shield([2, 3], on: machine)
                try machine.start(plain, process: 300)
                try machine.start(ShownContainer(id: "other"), process: 301)
                if resizes { try machine.create(ShieldRequest(cpus: [7])) } else { try machine.destroy() }
                machine.faults = Faults()
                machine.faults.death = change
                _ = try? machine.followShield()
                isDead = machine.faults.isDead
                machine.revive()
                try machine.reconcile()
                for path in ["/docker/plain", "/docker/other"] as [CgroupPath] {
                    #expect(
                        cpus(machine, path) == (resizes ? CPUSet(0...6) : CPUSet(0...7)), "died at change \(change)")
                }
                #expect((machine.texts[Ledger.file] == nil) == !resizes)
                change += 1
            }
            #expect(change > 3)
        }
    }

    // MARK: - Kubernetes

    private static let pod = "4aec46af-22b7-4e26-babb-d15383ac9151"

    private func kubelet(_ policy: String) throws -> KubeletCPUs {
        let text = #"{"policyName":"\#(policy)","defaultCpuSet":"0-1,6-7","entries":{},"checksum":1}"#
        return try KubeletCPUs(reading: Array(text.utf8))
    }

    private func podContainer(_ type: String) -> ShownContainer {
        ShownContainer(
            id: "c1",
            annotations: ["io.kubernetes.cri.container-type": type, "io.kubernetes.cri.container-name": "web"],
            parent: "/kubepods/burstable/pod\(Self.pod)")
    }

    @Test(
        "under kubelet's static policy it moves containers by itself, and only what holds a pod together is kept off",
        arguments: [true, false])
    func staticPolicy(hasShield: Bool) throws {
        let machine = try machine(.v2)
        if hasShield { try shield([2, 3], on: machine) }
        let shared = podContainer("container"), sandbox = podContainer("sandbox")
        machine.clearTrace()
        #expect(try machine.start(shared, process: 300, kubelet: try kubelet("static")) == [])
        #expect(machine.trace == [])
        #expect(try machine.start(sandbox, process: 301, kubelet: try kubelet("static")) == [])
        let group = CgroupPath(sandbox.parent).child("c1")
        #expect(cpus(machine, group) == (hasShield ? [0, 1, 4, 5, 6, 7] : [0, 1, 6, 7]))
    }

    @Test(
        "under another policy pods are kept off an open shield as all others are", arguments: ["container", "sandbox"])
    func nonePolicy(type: String) throws {
        let machine = try machine(.v2)
        try shield([2, 3], on: machine)
        let container = podContainer(type)
        #expect(try machine.start(container, process: 300, kubelet: try kubelet("none")) == [])
        #expect(cpus(machine, CgroupPath(container.parent).child("c1")) == [0, 1, 4, 5, 6, 7])
    }

    @Test(
        "a pod that was kept off an open shield is widened when that ends, where kubelet gives out no CPUs",
        arguments: ["container", "sandbox"])
    func podAfterShield(type: String) throws {
        let machine = try machine(.v2)
        try shield([2, 3], on: machine)
        let container = podContainer(type)
        try machine.start(container, process: 300, kubelet: try kubelet("none"))
        try unshield(machine)
        #expect(cpus(machine, CgroupPath(container.parent).child("c1")) == CPUSet(0...7))
    }

    @Test(
        "a container that sits in the group of its runtime leaves that group alone",
        arguments: [ScriptedMachine.Kind.v1, .v2])
    func groupless(kind: ScriptedMachine.Kind) throws {
        let machine = try machine(kind)
        try machine.add(group: "/docker/plain")
        machine.add(task: 250, "runc", in: "/docker/plain")
        try shield([2, 3], on: machine)
        machine.clearTrace()
        #expect(try machine.start(plain, process: 300, caller: 250) == [])
        #expect(machine.trace == [])
        let isolated = ShownContainer(
            id: "plain", annotations: ["cpu-load-balancing.crio.io": "disable"], cpus: "2-3")
        let failure = #expect(throws: HookFailure.self) { try machine.start(isolated, process: 301, caller: 250) }
        #expect(failure?.isFatal == true)
    }
}
