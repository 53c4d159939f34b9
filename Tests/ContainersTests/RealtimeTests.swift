// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import Linux
import MachineKit
import ShieldKit
import Testing

@Suite("Decisions on real-time scheduling")
struct RealtimeTests {
    private static func limits(
        _ maxPriority: Int = 50, _ above: RealtimeLimits.Excess = .deny, policies: Set<RealtimePolicy> = [.fifo, .rr],
        runtime: Int? = nil
    ) -> RealtimeLimits {
        var limits = RealtimeLimits()
        (limits.maxPriority, limits.above, limits.policies, limits.runtime) = (maxPriority, above, policies, runtime)
        return limits
    }

    private func decision(
        _ request: RealtimeRequest, _ limits: RealtimeLimits, of bundle: Bundle = .containerd
    ) throws -> RealtimeDecision {
        RealtimeDecision(on: request, of: try bundle.container(), within: limits)
    }

    @Test("what is within the limits is granted as it is", arguments: [RealtimeLimits.Excess.deny, .clamp, .ignore])
    func within(above: RealtimeLimits.Excess) throws {
        let fifo = RealtimeRequest(policy: .fifo, priority: 50)
        #expect(try decision(fifo, Self.limits(50, above)) == .granted(RealtimeGrant(policy: .fifo, priority: 50)))
        let ceiling = RealtimeRequest(priority: 1)
        #expect(try decision(ceiling, Self.limits(50, above)) == .granted(RealtimeGrant(policy: nil, priority: 1)))
    }

    @Test("above the ceiling it is denied, clamped or ignored, with the line that says why")
    func ceiling() throws {
        let line = "priority 51 is above realtime.max-priority, 50"
        let request = RealtimeRequest(policy: .rr, priority: 51)
        #expect(try decision(request, Self.limits(50, .deny)) == .denied(line))
        #expect(try decision(request, Self.limits(50, .ignore)) == .ignored(line))
        let clamped = RealtimeGrant(policy: .rr, priority: 50, shortened: [line])
        #expect(try decision(request, Self.limits(50, .clamp)) == .granted(clamped))
    }

    @Test("what the runtime would give by itself is denied, as nobody could clamp or ignore it")
    func runtimes() throws {
        var request = RealtimeRequest(policy: .fifo, priority: 51)
        request.isRuntimes = true
        let line = "priority 51 is above realtime.max-priority, 50"
        for above in [RealtimeLimits.Excess.deny, .clamp, .ignore] {
            #expect(try decision(request, Self.limits(50, above)) == .denied(line))
        }
    }

    @Test("without a configuration nobody gets anything")
    func defaults() throws {
        let line = "priority 1 is above realtime.max-priority, 0"
        #expect(try decision(RealtimeRequest(priority: 1), RealtimeLimits()) == .denied(line))
        #expect(try decision(RealtimeRequest(policy: .fifo, priority: 1), Self.limits(0, .clamp)) == .ignored(line))
        let deadline = RealtimeRequest(policy: .deadline, budget: .init(runtime: 1, period: 2))
        let limits = Self.limits(0, .clamp, policies: [.deadline])
        let deadlineLine = "a deadline is above realtime.max-priority, 0: nobody gets real-time scheduling"
        #expect(try decision(deadline, limits) == .ignored(deadlineLine))
    }

    @Test("a policy that is not granted cannot be clamped to another")
    func policies() throws {
        let request = RealtimeRequest(policy: .rr, priority: 1)
        let line = "policy 'rr' is not granted: realtime.policies grants fifo, deadline"
        #expect(try decision(request, Self.limits(50, .deny, policies: [.fifo, .deadline])) == .denied(line))
        #expect(try decision(request, Self.limits(50, .clamp, policies: [.fifo, .deadline])) == .ignored(line))
        let none = "no policy with priorities is granted: realtime.policies grants none"
        #expect(try decision(RealtimeRequest(priority: 1), Self.limits(50, .deny, policies: [])) == .denied(none))
    }

    @Test("time beyond the budget is above the limits too")
    func budget() throws {
        let request = RealtimeRequest(
            policy: .deadline, budget: .init(runtime: 600_000, deadline: 800_000, period: 1_000_000))
        let line = "600000 µs of each second are above realtime.runtime-us, 500000"
        let deny = Self.limits(50, .deny, policies: [.deadline], runtime: 500_000)
        #expect(try decision(request, deny) == .denied(line))
        let clamp = Self.limits(50, .clamp, policies: [.deadline], runtime: 500_000)
        let budget = RealtimeRequest.Budget(runtime: 500_000, deadline: 800_000, period: 1_000_000)
        #expect(
            try decision(request, clamp)
                == .granted(RealtimeGrant(policy: .deadline, priority: 0, budget: budget, shortened: [line])))
        let enough = Self.limits(50, .deny, policies: [.deadline], runtime: 600_000)
        #expect(
            try decision(request, enough)
                == .granted(RealtimeGrant(policy: .deadline, priority: 0, budget: request.budget)))
    }

    @Test("who asks for no time gets what there is")
    func unbudgeted() throws {
        let granted = try decision(RealtimeRequest(priority: 1), Self.limits(runtime: 950_000))
        let budget = RealtimeRequest.Budget(runtime: 950_000_000, period: 1_000_000_000)
        #expect(granted == .granted(RealtimeGrant(policy: nil, priority: 1, budget: budget)))
    }

    @Test("shares of a second are rounded up, and hold for the largest numbers")
    func perSecond() {
        #expect(RealtimeRequest.Budget(runtime: 1, period: .max).perSecond == 1)
        #expect(RealtimeRequest.Budget(runtime: .max, period: .max).perSecond == 1_000_000)
        #expect(RealtimeRequest.Budget(runtime: .max - 1, period: .max).perSecond == 1_000_000)
        #expect(RealtimeRequest.Budget(runtime: 1, period: 3).perSecond == 333_334)
    }

    @Test("the container's own limit is never raised, and one of 0 leaves nothing")
    func ownLimit() throws {
        var bundle = Bundle.containerd
        bundle.process = #""rlimits": [{"type": "RLIMIT_RTPRIO", "hard": 10, "soft": 5}]"#
        let line = "priority 20 is above the container's own RLIMIT_RTPRIO, 10"
        let request = RealtimeRequest(policy: .fifo, priority: 20)
        let granted = RealtimeGrant(policy: .fifo, priority: 10, shortened: [line])
        #expect(try decision(request, Self.limits(), of: bundle) == .granted(granted))
        // What is above the limits of the machine may be within its own.
        #expect(try decision(request, Self.limits(15), of: bundle) == .granted(granted))
        bundle.process = #""rlimits": [{"type": "RLIMIT_RTPRIO", "hard": 0, "soft": 0}]"#
        let none = "priority 20 is above the container's own RLIMIT_RTPRIO, 0"
        #expect(try decision(request, Self.limits(), of: bundle) == .ignored(none))
        bundle.process = #""rlimits": [{"type": "RLIMIT_RTPRIO", "hard": 18446744073709551615, "soft": 0}]"#
        #expect(
            try decision(request, Self.limits(), of: bundle) == .granted(RealtimeGrant(policy: .fifo, priority: 20)))
    }

    // MARK: - Who may ask

    private static func selector(_ change: (inout RealtimeLimits.ContainerSelector) -> Void)
        -> RealtimeLimits.ContainerSelector
    {
        var selector = RealtimeLimits.ContainerSelector()
        change(&selector)
        return selector
    }

    private func mayAsk(_ selectors: [RealtimeLimits.ContainerSelector]?, of bundle: Bundle = .containerd) throws
        -> Bool
    {
        var limits = Self.limits()
        limits.selectors = selectors
        switch try decision(RealtimeRequest(priority: 1), limits, of: bundle) {
        case .granted: return true
        case .denied(let line):
            #expect(
                line == "this container may not ask for real-time scheduling: no entry of realtime.who describes it")
            return false
        case .ignored: throw Errno.invalidArgument
        }
    }

    @Test("anybody may ask, unless it is said who may")
    func anybody() throws {
        #expect(try mayAsk(nil))
        #expect(try !mayAsk([]))
        #expect(try mayAsk([RealtimeLimits.ContainerSelector()]))
    }

    @Test("all that an entry gives must hold, of one entry")
    func entries() throws {
        let containerd = Self.selector { $0.engine = .containerd }
        let docker = Self.selector { $0.engine = .docker }
        let image = Self.selector { $0.image = NamePattern("docker.io/library/*") }
        let both = Self.selector { ($0.engine, $0.namespace) = (.containerd, NamePattern("kube-*")) }
        #expect(try mayAsk([containerd]))
        #expect(try !mayAsk([docker]))
        #expect(try mayAsk([docker, image]))
        #expect(try !mayAsk([both]))
        #expect(try !mayAsk([image], of: .docker()))
        #expect(try mayAsk([docker], of: .docker()))
        #expect(try !mayAsk([Self.selector { $0.namespace = NamePattern("*") }], of: .docker()))
    }

    @Test("an annotation describes by its key, or by its value too")
    func annotations() throws {
        var bundle = Bundle.docker()
        bundle.annotations["example.org/rt"] = "yes"
        #expect(try mayAsk([Self.selector { $0.annotation = .init("example.org/rt") }], of: bundle))
        #expect(
            try mayAsk(
                [Self.selector { $0.annotation = .init("example.org/rt", value: NamePattern("y*")) }], of: bundle))
        #expect(
            try !mayAsk(
                [Self.selector { $0.annotation = .init("example.org/rt", value: NamePattern("no")) }], of: bundle))
        #expect(try !mayAsk([Self.selector { $0.annotation = .init("example.org/rt2") }], of: bundle))
    }

    @Test("with clamp and ignore, who may not ask starts without")
    func clampedAsker() throws {
        var limits = Self.limits(50, .clamp)
        limits.selectors = []
        guard case .ignored = try decision(RealtimeRequest(priority: 1), limits) else {
            Issue.record("not ignored")
            return
        }
    }
}
