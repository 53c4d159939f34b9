// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Linux

@Suite("The scheduling of a task")
struct SchedulingTests {
    private static let mayRaise = (try? Capabilities.current().has(.sysNice)) == true

    @Test(
        "a policy has a short name",
        arguments: [
            (SchedulingPolicy.other, "other"), (.fifo, "fifo"), (.roundRobin, "rr"), (.batch, "batch"),
            (.idle, "idle"), (.deadline, "deadline"),
        ])
    func names(policy: SchedulingPolicy, short: String) {
        #expect(policy.description == short)
    }

    @Test("a policy that has no name keeps its number")
    func unknown() {
        #expect(SchedulingPolicy(rawValue: 7).description == "policy 7")
    }

    @Test(
        "a share that is set is read back, and so does chrt",
        arguments: [
            (Scheduling(.other, nice: 19), "SCHED_OTHER"), (Scheduling(.batch, nice: 19), "SCHED_BATCH"),
            (Scheduling(.idle), "SCHED_IDLE"),
        ])
    func shares(scheduling: Scheduling, name: String) throws {
        try withSleeper { sleeper in
            try scheduling.set(of: sleeper)
            let held = try Scheduling.of(sleeper)
            #expect(held.policy == scheduling.policy)
            #expect(held.priority == 0)
            #expect(held.reservation == nil)
            if scheduling.policy != .idle { #expect(held.nice == scheduling.nice) }
            #expect(try ChildProcess.run(["chrt", "-p", "\(sleeper)"]).output.text.contains("policy: \(name)\n"))
        }
    }

    @Test(
        "a real-time priority that is given is read back, and can be taken away",
        .enabled(if: mayRaise, "needs the right to raise priorities"),
        arguments: [
            Scheduling(.fifo, priority: 1), Scheduling(.fifo, priority: 99), Scheduling(.roundRobin, priority: 42),
            Scheduling(.fifo, priority: 10, flags: .resetOnFork),
        ])
    func realTime(scheduling: Scheduling) throws {
        try withSleeper { sleeper in
            let before = try Scheduling.of(sleeper)
            try scheduling.set(of: sleeper)
            #expect(try Scheduling.of(sleeper) == scheduling)
            try before.set(of: sleeper)
            #expect(try Scheduling.of(sleeper) == before)
        }
    }

    @Test(
        "a reservation that is given is read back; one without a period has that of its deadline",
        .enabled(if: mayRaise, "needs the right to raise priorities"))
    func reservation() throws {
        try withSleeper { sleeper in
            let given = Scheduling(.init(runtime: 1_000_000, deadline: 20_000_000, period: 50_000_000))
            try given.set(of: sleeper)
            #expect(try Scheduling.of(sleeper) == given)
            try Scheduling(.init(runtime: 1_000_000, deadline: 20_000_000, period: 0), flags: .reclaim).set(of: sleeper)
            let held = try Scheduling.of(sleeper)
            #expect(held.flags == .reclaim)
            #expect(held.reservation == .init(runtime: 1_000_000, deadline: 20_000_000, period: 20_000_000))
            try Scheduling().set(of: sleeper)
            #expect(try Scheduling.of(sleeper).reservation == nil)
        }
    }

    @Test(
        "what a policy does not take is refused",
        arguments: [
            Scheduling(.fifo, priority: 0), Scheduling(.fifo, priority: 100), Scheduling(.other, priority: 1),
            Scheduling(SchedulingPolicy(rawValue: 999)),
            Scheduling(.init(runtime: 2_000_000, deadline: 1_000_000, period: 1_000_000)),
        ])
    func refusals(scheduling: Scheduling) throws {
        try withSleeper { sleeper in
            let before = try Scheduling.of(sleeper)
            #expect(throws: Errno.invalidArgument) { try scheduling.set(of: sleeper) }
            #expect(try Scheduling.of(sleeper) == before)
        }
    }

    @Test("a task that does not exist is said to be gone")
    func gone() throws {
        let number = try endedProcess()
        #expect(throws: Errno.noSuchProcess) { _ = try Scheduling.of(number) }
        #expect(throws: Errno.noSuchProcess) { try Scheduling().set(of: number) }
    }
}
