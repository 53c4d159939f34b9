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

@Suite("Visits of the hook")
struct VisitTests {
    private let quiet = ["irq-load-balancing.crio.io": "disable"]

    private func machine() throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.addUsualNoise()
        var request = ShieldRequest(cpus: [2, 3, 4, 5])
        request.attributes = []
        try machine.create(request)
        return machine
    }

    @Test("a container with CPUs of the shield gets what it requests, and loses it at its end")
    func life() throws {
        let machine = try machine()
        #expect(try machine.start(ShownContainer(id: "a", annotations: quiet, cpus: "2-3"), process: 300) == [])
        #expect(machine.irq(24) == "0-1,4-7")
        let grant = try #require(try machine.granting().ledger["a"])
        #expect(grant.cpus == [2, 3] && grant.quiet == [2, 3] && grant.engine == "docker" && grant.process == 300)
        try machine.vanish(grant)
        try machine.stop("a")
        #expect(machine.irq(24) == "0-7" && machine.texts[Ledger.file] == nil)
    }

    @Test("kernel threads leave CPUs that are its own by annotation, and come back")
    func threads() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.addKernelThreads()
        let requests = ["rtshield.io/cpus": "exclusive", "rtshield.io/kernel-threads": "disable"]
        #expect(try machine.start(ShownContainer(id: "a", annotations: requests, cpus: "3"), process: 300) == [])
        #expect(machine.cpusets.tasks[20]?.affinity == [0, 1, 2, 4, 5, 6, 7])
        try machine.vanish(try #require(try machine.granting().ledger["a"]))
        try machine.stop("a")
        #expect(machine.cpusets.tasks[20]?.affinity == CPUSet(0...7) && machine.texts[Ledger.file] == nil)
    }

    @Test("for housekeeping the first of its CPUs keeps interrupts, with the threads of its core")
    func housekeeping() throws {
        let machine = try machine()
        machine.texts[KernelFile(.sys, "devices/system/cpu/cpu2/topology/thread_siblings_list")] = "2-3\n"
        let request = ["irq-load-balancing.crio.io": "housekeeping"]
        try machine.start(ShownContainer(id: "a", annotations: request, cpus: "2-4"), process: 300)
        #expect(try machine.granting().ledger["a"]?.quiet == [4] && machine.irq(24) == "0-3,5-7")
    }

    @Test("what is requested on CPUs of others is a remark, and nothing is granted")
    func shared() throws {
        let machine = try machine()
        machine.clearTrace()
        let remarks = try machine.start(ShownContainer(id: "a", annotations: quiet, cpus: "0-2"), process: 300)
        #expect(remarks.count == 1 && remarks[0].hasPrefix("irq-load-balancing.crio.io: it has no CPUs of its own"))
        #expect(machine.trace == [])
    }

    @Test("one that is denied changes nothing")
    func denied() throws {
        let machine = try machine()
        machine.clearTrace()
        let request = ["rtshield.io/rt-policy": "fifo", "rtshield.io/rt-priority": "5"]
        #expect(throws: HookFailure("a: priority 5 is above realtime.max-priority, 0", isFatal: true)) {
            try machine.start(ShownContainer(id: "a", annotations: request, cpus: "2"), process: 300)
        }
        #expect(machine.trace == [])
    }

    @Test("one that a parent keeps off the CPUs it asked for is granted nothing there, and denied what it relies on")
    func withoutItsCPUs() throws {
        let machine = try ScriptedMachine(.systemd, kernel: "6.12.0")
        machine.addUsualNoise()
        var request = ShieldRequest(cpus: [2, 3, 4, 5])
        request.attributes = []
        try machine.add(group: "/system.slice/rt.service")
        try machine.create(request)
        let split = ShownContainer(
            id: "libpod-payload-a", annotations: quiet, cpus: "3", parent: "/system.slice/rt.service")
        let line =
            "it asked for CPU 3 and runs on 0-1,6-7, as /sys/fs/cgroup/system.slice/rt.service has no others; "
            + "with CgroupsMode=no-conmon (--cgroups=no-conmon) Podman makes its group elsewhere"
        let interrupts = machine.irq(24)
        #expect(try machine.start(split, process: 300) == [line])
        #expect(try machine.granting().ledger.grants.isEmpty && machine.irq(24) == interrupts)
        var policy = ContainerPolicy()
        policy.realtime.maxPriority = 50
        var relying = split
        (relying.id, relying.annotations) = ("libpod-payload-b", ["rtshield.io/rt-priority": "5"])
        #expect(throws: HookFailure("\(relying.id): \(line)", isFatal: true)) {
            try machine.start(relying, process: 301, policy: policy)
        }
        #expect(machine.priorityLimits.isEmpty)
    }

    @Test(
        "one in a group that asked for CPUs of the shield, as a pod's, is not kept off them",
        arguments: [ScriptedMachine.Kind.v1, .v2])
    func pod(kind: ScriptedMachine.Kind) throws {
        let machine = try ScriptedMachine(kind, kernel: "6.12.0")
        var request = ShieldRequest(cpus: [2, 3, 4, 5])
        request.attributes = []
        try machine.create(request)
        try machine.add(group: "/machine.slice")
        try machine.add(group: "/machine.slice/pod.slice", cpus: "3")
        try machine.start(ShownContainer(id: "a", parent: "/machine.slice/pod.slice"), process: 300)
        #expect(machine.cpusets.allowed(in: "/machine.slice/pod.slice/a") == [3])
        #expect(try machine.granting().ledger["a"] == nil)
        try machine.add(group: "/machine.slice/wide.slice", cpus: "0-7")
        try machine.start(ShownContainer(id: "b", parent: "/machine.slice/wide.slice"), process: 301)
        #expect(machine.cpusets.allowed(in: "/machine.slice/wide.slice/b") == [0, 1, 6, 7])
    }

    @Test("one whose first process is gone is told so, and changes nothing")
    func gone() throws {
        let machine = try machine()
        let container = try ShownContainer(id: "a", annotations: quiet, cpus: "2").container
        let decision = Decision(
            on: container, in: DecisionContext(pool: [2, 3, 4, 5]), by: ContainerPolicy())
        machine.clearTrace()
        #expect(throws: GrantError.gone("its first process, 999, is gone")) {
            _ = try HookInvocation(on: machine, summary: try HostSummary(at: machine), caller: 1)
                .start(decision, process: 999, strict: Feature.strict)
        }
        #expect(machine.trace == [])
    }

    // MARK: - The end

    @Test("the late end of a container that was started again under its id takes nothing from it")
    func late() throws {
        let machine = try machine()
        let shown = ShownContainer(id: "a", annotations: quiet, cpus: "2-3")
        try machine.start(shown, process: 300)
        machine.cpusets.tasks[300] = nil
        try machine.start(shown, process: 301)
        machine.clearTrace()
        try machine.stop("a")
        #expect(machine.trace == [] && machine.irq(24) == "0-1,4-7")
        #expect(try machine.granting().ledger["a"]?.process == 301)
        machine.cpusets.tasks[301] = nil
        try machine.stop("a")
        #expect(machine.irq(24) == "0-7" && machine.texts[Ledger.file] == nil)
    }

    @Test("the end of one that has nothing, or ended before, changes nothing")
    func unknown() throws {
        let machine = try machine()
        machine.clearTrace()
        try machine.stop("a")
        #expect(machine.trace == [])
    }

    @Test("one is gone when its process is, or when another has its number since")
    func dead() throws {
        let machine = try machine()
        let grants = try (0..<3).map { try machine.launchQuiet("c\($0)", cpus: [2 + $0], process: 300 + Int32($0)) }
        for grant in grants { try machine.give(grant) }
        machine.cpusets.tasks[300] = nil
        machine.cpusets.tasks[301]?.startTime = 2
        var granting = try machine.granting()
        #expect(grants.map { $0.isAlive(on: machine) } == [false, false, true])
        #expect(try granting.releaseDead() == Array(grants.prefix(2)))
        #expect(machine.irq(24) == "0-3,5-7")
        machine.clearTrace()
        #expect(try granting.releaseDead() == [] && machine.trace == [])
    }

    @Test("a damaged ledger is told, at the start and at the end")
    func damaged() throws {
        let machine = try machine()
        machine.texts[Ledger.file] = "?"
        let error = GrantError.damaged(path: "/run/rtshield/ledger")
        #expect(throws: HookFailure("a: \(error)", isFatal: false)) {
            try machine.start(ShownContainer(id: "a", annotations: quiet, cpus: "2-3"), process: 300)
        }
        #expect(throws: error) { try machine.stop("a") }
        #expect(error.description == "/run/rtshield/ledger is no ledger of this rtshield")
    }
}
