// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ScriptedMachines

@Suite("Giving real-time scheduling")
struct GivingRealtimeTests {
    private func grant(
        _ realtime: RealtimeGrant, _ id: String = "a", cpus: CPUSet = [2], process: Int32 = 300,
        on machine: ScriptedMachine
    ) throws -> Grant {
        var grant = try machine.launch(id, cpus: cpus, process: process)
        grant.realtime = Grant.Realtime(realtime)
        return grant
    }

    private func budget(_ microseconds: UInt64) -> RealtimeRequest.Budget {
        RealtimeRequest.Budget(runtime: microseconds * 1000, period: 1_000_000_000)
    }

    // MARK: - The first process

    @Test(
        "limit and policy are set on the first process",
        arguments: [
            (.fifo, Scheduling(.fifo, priority: 7)), (.rr, Scheduling(.roundRobin, priority: 7)), (nil, Scheduling()),
        ] as [(RealtimePolicy?, Scheduling)])
    func process(policy: RealtimePolicy?, scheduling: Scheduling) throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        let grant = try grant(RealtimeGrant(policy: policy, priority: 7), on: machine)
        #expect(try machine.give(grant) == [])
        #expect(machine.priorityLimits == [300: 7])
        #expect(try machine.scheduling(of: 300) == scheduling)
    }

    @Test("a deadline comes with its times, without a limit, and children have none")
    func deadline() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        let budget = RealtimeRequest.Budget(runtime: 10, deadline: 20, period: 30)
        let grant = try grant(RealtimeGrant(policy: .deadline, priority: 0, budget: budget), on: machine)
        #expect(try machine.give(grant) == [])
        let reservation = Scheduling.Reservation(runtime: 10, deadline: 20, period: 30)
        #expect(try machine.scheduling(of: 300) == Scheduling(reservation, flags: .resetOnFork))
        #expect(machine.priorityLimits.isEmpty)
    }

    @Test("a policy that the runtime gives by itself is left to it, before the hook and after, with flags and niceness")
    func runtimes() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        let held = Scheduling(.fifo, priority: 7, flags: .resetOnFork)
        var realtime = RealtimeGrant(policy: .fifo, priority: 7)
        realtime.isRuntimes = true
        let grant = try grant(realtime, on: machine)
        machine.scheduling[300] = held
        #expect(try machine.give(grant) == [])
        #expect(machine.priorityLimits == [300: 7])
        #expect(try machine.scheduling(of: 300) == held)
        #expect(!machine.trace.contains { $0.contains("schedule") })
    }

    struct Hint: Sendable, CustomTestStringConvertible {
        var kind: ScriptedMachine.Kind
        var policy: RealtimePolicy
        var errno: Errno
        var words: String

        var testDescription: String { "\(kind) \(policy) \(errno.name)" }
    }

    @Test(
        "what the kernel refuses keeps it from starting, with the reason that is known",
        arguments: [
            Hint(kind: .v2, policy: .fifo, errno: .notPermitted, words: "boot with rt_group_sched=0"),
            Hint(kind: .v1, policy: .rr, errno: .notPermitted, words: "its cpu group has no real-time budget"),
            Hint(
                kind: .v2, policy: .deadline, errno: .notPermitted,
                words: "ask for cpu-load-balancing.crio.io=disable too"),
            Hint(kind: .v2, policy: .deadline, errno: .busy, words: "no such share of time left on these CPUs"),
            Hint(kind: .v2, policy: .fifo, errno: .invalidArgument, words: "Invalid argument"),
        ])
    func refusal(_ hint: Hint) throws {
        let machine = try ScriptedMachine(hint.kind, kernel: "6.12.0")
        machine.addUsualNoise()
        var grant = try grant(RealtimeGrant(policy: hint.policy, priority: 5, budget: budget(10)), on: machine)
        grant.features[.irqs] = .disabledOn([2])
        let before = machine.snapshot
        machine.observer = { machine in
            // The limit passes, and the policy does not.
            machine.faults.refusals = machine.priorityLimits.isEmpty ? [] : [("300", hint.errno)]
        }
        let error = #expect(throws: GrantError.self) { try machine.give(grant) }
        guard case .refused(let unmet) = error else { return }
        #expect(unmet.count == 1 && unmet[0].feature == .realtime)
        #expect(
            unmet[0].line.hasPrefix("cannot give real-time scheduling: ")
                && unmet[0].line.contains(hint.words))
        #expect(machine.differences(from: before) == [])
        machine.priorityLimits = [:]
        machine.faults = Faults()
        #expect(try machine.give(grant, strict: []).count == 1)
    }

    // MARK: - How much there is

    @Test("containers that share a CPU share its time, and others do not")
    func admission() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.texts[KernelFile(.proc, "sys/kernel/sched_rt_runtime_us")] = "950000\n"
        machine.texts[KernelFile(.proc, "sys/kernel/sched_rt_period_us")] = "1000000\n"
        let half = RealtimeGrant(policy: .fifo, priority: 1, budget: budget(500_000))
        try machine.give(try grant(half, on: machine))
        let second = try grant(half, "b", process: 301, on: machine)
        let line =
            "500000 µs of each second are more than its CPU 2 have for real time, 950000 µs, of which 500000 µs are given to others"
        #expect(throws: GrantError.refused([UnmetRequest(.realtime, line)])) { try machine.give(second) }
        #expect(machine.priorityLimits == [300: 1])
        let elsewhere = try grant(half, "c", cpus: [3], process: 302, on: machine)
        #expect(try machine.give(elsewhere) == [])
        let wide = try grant(half, "d", cpus: [2, 4], process: 303, on: machine)
        #expect(try machine.give(wide) == [])
    }

    @Test("one that may do without starts without, and keeps what else it was granted")
    func lenient() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.addUsualNoise()
        var grant = try grant(RealtimeGrant(policy: .fifo, priority: 1, budget: budget(999_000)), on: machine)
        grant.features[.irqs] = .disabledOn([2])
        machine.texts[KernelFile(.proc, "sys/kernel/sched_rt_runtime_us")] = "950000\n"
        machine.texts[KernelFile(.proc, "sys/kernel/sched_rt_period_us")] = "1000000\n"
        #expect(try machine.give(grant, strict: []).map(\.feature) == [.realtime])
        #expect(machine.priorityLimits.isEmpty && machine.irq(24) == "0-1,3-7")
        #expect(try machine.granting().ledger["a"]?.realtime == nil)
    }

    @Test(
        "a container does not compete with itself, and without a limit of the kernel there is a whole second",
        arguments: ["-1", "1000000"])
    func own(runtime: String) throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.texts[KernelFile(.proc, "sys/kernel/sched_rt_runtime_us")] = runtime + "\n"
        machine.texts[KernelFile(.proc, "sys/kernel/sched_rt_period_us")] = "1000000\n"
        let grant = try grant(RealtimeGrant(policy: .fifo, priority: 1, budget: budget(1_000_000)), on: machine)
        #expect(try machine.give(grant) == [])
        #expect(try machine.give(grant) == [])
    }

    // MARK: - Budgets of groups

    /// A kernel with CONFIG_RT_GROUP_SCHED, on which groups have no budget until they are given one.
    private func grouped() throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        try machine.add(group: "/docker")
        machine.texts[budgetFile("/")] = "950000\n"
        // Ids sort before the names of files.
        for path in ["/docker", "/docker/0a", "/docker/1b"] { machine.texts[budgetFile(path)] = "0\n" }
        return machine
    }

    private func budgetFile(_ path: String) -> KernelFile {
        KernelFile(.cpu, CgroupPath(path).child("cpu.rt_runtime_us").components.joined(separator: "/"))
    }

    private func budgets(_ machine: ScriptedMachine) -> [String] {
        ["/", "/docker", "/docker/0a", "/docker/1b"].map { machine.held(budgetFile($0)) }
    }

    @Test(
        "with budgets for groups each on the way has the sum of those below, and gives it back",
        arguments: [true, false])
    func groups(isFirstFirst: Bool) throws {
        let machine = try grouped()
        let first = try grant(RealtimeGrant(policy: .fifo, priority: 1, budget: budget(1000)), "0a", on: machine)
        let second = try grant(
            RealtimeGrant(policy: .fifo, priority: 1, budget: budget(300)), "1b", cpus: [3], process: 301, on: machine)
        #expect(try machine.give(first) == [])
        #expect(try machine.give(second) == [])
        #expect(budgets(machine) == ["950000", "1300", "1000", "300"])
        // Only the grant ends, as when it is refused: the group is still there.
        var granting = try machine.granting()
        try granting.release(isFirstFirst ? "0a" : "1b")
        #expect(budgets(machine) == (isFirstFirst ? ["950000", "300", "0", "300"] : ["950000", "1000", "1000", "0"]))
        try machine.end(isFirstFirst ? second : first)
        #expect(machine.held(budgetFile("/docker")) == "0" && machine.texts[Ledger.file] == nil)
    }

    @Test("a budget that the groups above do not have is told, and leaves none behind")
    func noBudget() throws {
        let machine = try grouped()
        let before = machine.snapshot
        let grant = try grant(
            RealtimeGrant(policy: .fifo, priority: 1, budget: budget(960_000)), "0a", cpus: [2, 3], on: machine)
        #expect(throws: GrantError.self) { try machine.give(grant) }
        try machine.vanish(grant)
        #expect(machine.differences(from: before).filter { !$0.contains("/docker/0a") } == [])
    }

    @Test("without a budget of its own there is none to give there, and it is told what to ask for")
    func unasked() throws {
        let machine = try grouped()
        let grant = try grant(RealtimeGrant(policy: .fifo, priority: 1), "0a", on: machine)
        let error = #expect(throws: GrantError.self) { try machine.give(grant) }
        guard case .refused(let unmet) = error else { return }
        #expect(
            unmet.map(\.feature) == [.realtime] && unmet[0].line.contains("ask for rtshield.io/rt-runtime"))
        #expect(machine.priorityLimits.isEmpty && machine.texts[Ledger.file] == nil)
    }
}
