// SPDX-License-Identifier: Apache-2.0

import Containers
import MachineKit
import ShieldKit
import Testing

@Suite("A container whose configuration says how it is scheduled")
struct OwnSchedulerTests {
    private static let fifo =
        #""scheduler": {"policy": "SCHED_FIFO", "priority": 10, "flags": ["SCHED_FLAG_RESET_ON_FORK"]}"#
    private static let batch = #""scheduler": {"policy": "SCHED_BATCH", "nice": 5}"#

    /// Decides on a container with CPUs of its own.
    private func decision(
        _ process: String, _ annotations: [String: String] = [:], max: Int = 50,
        above: RealtimeLimits.Excess = .deny, defaults: RealtimeRequest? = nil
    ) throws -> Decision {
        var bundle = Bundle.docker(cpus: "2-3")
        bundle.process = process
        bundle.annotations.merge(annotations) { $1 }
        var limits = RealtimeLimits()
        (limits.maxPriority, limits.above) = (max, above)
        var policy = ContainerPolicy(realtime: limits)
        policy.defaults.realtime = defaults
        return Decision(on: try bundle.container(), in: DecisionContext(pool: [2, 3, 4, 5]), by: policy)
    }

    @Test("is granted the ceiling that belongs to it, and its policy is the runtime's to give")
    func granted() throws {
        let realtime = try #require(try decision(Self.fifo).allocation.realtime)
        #expect(realtime.policy == .fifo && realtime.priority == 10 && realtime.isRuntimes)
        let annotated = try #require(try decision(Self.fifo, ["rtshield.io/rt-priority": "20"]).allocation.realtime)
        #expect(annotated.policy == .fifo && annotated.priority == 20 && annotated.isRuntimes)
    }

    @Test(
        "is held against the limits whatever its annotations ask for",
        arguments: [RealtimeLimits.Excess.deny, .clamp, .ignore])
    func limited(above: RealtimeLimits.Excess) throws {
        let line = "priority 10 is above realtime.max-priority, 5"
        #expect(try decision(Self.fifo, ["rtshield.io/rt-priority": "5"], max: 5, above: above).denial == line)
        #expect(try decision(Self.fifo, max: 5, above: above).denial == line)
    }

    @Test("cannot hide its priority behind a limit of its own, which runtimes do not heed")
    func hidden() throws {
        let limit = #", "rlimits": [{"type": "RLIMIT_RTPRIO", "hard": 1, "soft": 1}]"#
        #expect(try decision(Self.fifo + limit, max: 5).denial?.hasPrefix("priority 10 is above realtime") == true)
        let realtime = try #require(try decision(Self.fifo + limit).allocation.realtime)
        #expect(realtime.priority == 1 && realtime.policy == .fifo && realtime.isRuntimes)
    }

    @Test("and asks for another policy by annotation does not start: it would get only one of them")
    func contradiction() throws {
        let request = ["rtshield.io/rt-policy": "rr", "rtshield.io/rt-priority": "5"]
        for (process, name) in [(Self.fifo, "SCHED_FIFO"), (Self.batch, "SCHED_BATCH")] {
            let line = "rtshield.io/rt-policy asks for 'rr', and process.scheduler of its configuration for '\(name)'"
            #expect(try decision(process, request).denial == line)
        }
        let same = try decision(Self.fifo, ["rtshield.io/rt-policy": "fifo", "rtshield.io/rt-priority": "5"])
        #expect(
            same.denial == nil && same.allocation.realtime?.policy == .fifo && same.allocation.realtime?.priority == 5)
    }

    @Test("has of what all containers get the ceiling, and no policy")
    func defaults() throws {
        let rr = RealtimeRequest(policy: .rr, priority: 30)
        let realtime = try #require(try decision(Self.batch, defaults: rr).allocation.realtime)
        #expect(realtime.policy == nil && realtime.priority == 30)
        let deadline = RealtimeRequest(policy: .deadline, budget: .init(runtime: 1, period: 2))
        let decision = try decision(Self.batch, defaults: deadline)
        #expect(decision.allocation.realtime == nil && decision.denial == nil)
    }
}
