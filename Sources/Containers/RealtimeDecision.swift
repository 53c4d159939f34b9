// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

/// What becomes of a request for real-time scheduling.
package enum RealtimeDecision: Hashable, Sendable {
    /// It is granted, as a whole or shortened.
    case granted(RealtimeGrant)
    /// The container is not to start; the one line to show, safe to print.
    case denied(String)
    /// It starts as if it had not asked; the line that says why, safe to print.
    case ignored(String)
}

extension RealtimeDecision {
    /// Decides on a request by the limits of the machine.
    ///
    /// What `process.scheduler` says holds for the first process whatever annotations say: runc sets it after the hook, crun
    /// before.
    package init(on request: RealtimeRequest, of container: Container, within limits: RealtimeLimits) {
        guard let scheduler = container.spec.process?.scheduler else {
            self.init(judging: request, of: container, within: limits)
            return
        }
        if let line = scheduler.contradiction(to: request) {
            self = .denied(line)
            return
        }
        let own = scheduler.request(budget: container.spec.cpu.realtimeBudget)
        // An annotation beside it does not excuse it from the limits.
        if let own, !request.isRuntimes, case .denied(let line) = Self(judging: own, of: container, within: limits) {
            self = .denied(line)
            return
        }
        self.init(judging: request, of: container, within: limits)
        guard case .granted(var grant) = self else { return }
        grant.policy = own?.policy
        grant.isRuntimes = true
        self = .granted(grant)
    }

    private init(judging request: RealtimeRequest, of container: Container, within limits: RealtimeLimits) {
        var request = request
        var shortened: [String] = []
        // What the runtime gives by itself after the hook can be kept from a container in one way only.
        let above = request.isRuntimes ? RealtimeLimits.Excess.deny : limits.above
        // What the engine's own configuration allows is never raised.
        let limit = container.spec.process?.limit("RLIMIT_RTPRIO")
        if let limit, limit.hard < UInt64(request.priority) {
            shortened.append("priority \(request.priority) is above the container's own RLIMIT_RTPRIO, \(limit.hard)")
            // Runtimes set a priority by their own right, above that limit too.
            if !request.isRuntimes { request.priority = Int(limit.hard) }
        }
        if let excess = limits.refusal(of: request, container) {
            self = above == .deny ? .denied(excess) : .ignored(excess)
            return
        }
        let excesses = limits.excesses(of: request)
        switch (excesses.isEmpty, above) {
        case (false, .deny): self = .denied(excesses.joined(separator: "; "))
        case (false, .ignore): self = .ignored(excesses.joined(separator: "; "))
        case (true, _), (false, .clamp):
            var grant = limits.clamped(request, shortened: shortened + excesses)
            if request.isRuntimes, let limit { grant.priority = Int(min(UInt64(grant.priority), limit.hard)) }
            let isNothing = grant.isEmpty && !request.isRuntimes
            self = isNothing ? .ignored(grant.shortened.joined(separator: "; ")) : .granted(grant)
        }
    }
}

extension RealtimeDecision {
    /// Decides on the request of a container that shares its CPUs: who runs in real time there would hold up all others.
    ///
    /// In a pod the annotations are for all of its containers, of which only some have CPUs of their own.
    init(sharing ownership: CPUOwnership, _ container: Container) {
        let line = "real-time scheduling is for containers with CPUs of their own; \(ownership.decidingReason.text)"
        self = container.isKubernetes ? .ignored(line) : .denied(line)
    }
}

extension RealtimeGrant {
    /// Whether nothing is left of the request.
    fileprivate var isEmpty: Bool { policy != .deadline && priority == 0 }
}

extension RealtimeLimits {
    /// Why nothing of the request can be granted, not even less of it; nil when something can.
    fileprivate func refusal(of request: RealtimeRequest, _ container: Container) -> String? {
        if let selectors, !selectors.contains(where: { $0.describes(container) }) {
            return "this container may not ask for real-time scheduling: no entry of realtime.who describes it"
        }
        let known = RealtimePolicy.allCases.filter(policies.contains).map { $0.rawValue }.joined(separator: ", ")
        let granted = known.isEmpty ? "realtime.policies grants none" : "realtime.policies grants \(known)"
        guard let policy = request.policy else {
            let hasPriorities = policies.contains(.fifo) || policies.contains(.rr)
            return hasPriorities ? nil : "no policy with priorities is granted: \(granted)"
        }
        return policies.contains(policy) ? nil : "policy '\(policy.rawValue)' is not granted: \(granted)"
    }

    /// What of the request is above the limits.
    fileprivate func excesses(of request: RealtimeRequest) -> [String] {
        var excesses: [String] = []
        if request.priority > maxPriority {
            excesses.append("priority \(request.priority) is above realtime.max-priority, \(maxPriority)")
        }
        if request.policy == .deadline, maxPriority == 0 {
            excesses.append("a deadline is above realtime.max-priority, 0: nobody gets real-time scheduling")
        }
        if let runtime, let asked = request.budget?.perSecond, asked > runtime {
            excesses.append("\(asked) µs of each second are above realtime.runtime-us, \(runtime)")
        }
        return excesses
    }

    fileprivate func clamped(_ request: RealtimeRequest, shortened: [String]) -> RealtimeGrant {
        let isNothing = maxPriority == 0
        var grant = RealtimeGrant(
            policy: isNothing ? nil : request.policy, priority: min(request.priority, maxPriority),
            budget: request.budget,
            shortened: shortened)
        guard let runtime else { return grant }
        if var budget = request.budget, budget.perSecond > runtime {
            budget.runtime = budget.period.share(runtime)
            grant.budget = budget
        } else if request.budget == nil {
            grant.budget = RealtimeRequest.Budget(runtime: UInt64(runtime) * 1000, period: 1_000_000_000)
        }
        return grant
    }
}

extension UInt64 {
    /// So many millionths of it, rounded down.
    fileprivate func share(_ millionths: Int) -> UInt64 {
        let (high, low) = multipliedFullWidth(by: UInt64(millionths))
        return UInt64(1_000_000).dividingFullWidth((high, low)).quotient
    }
}
