// SPDX-License-Identifier: Apache-2.0

import MachineKit
internal import Text

extension RequestParser {
    /// Reads the real-time scheduling that is asked for: annotations win over the configuration's `process.scheduler`.
    mutating func realtime(_ container: Container) -> RealtimeRequest? {
        let names: [AnnotationKey] = [.policy, .priority, .runtime, .deadline, .period]
        guard let first = names.compactMap({ value(of: $0)?.key }).first else { return scheduled(container) }
        let count = problems.count
        let policy: RealtimePolicy? = word(.policy)
        let priority = integer(.priority, in: 1...99)
        let runtime = duration(.runtime)
        let deadline = duration(.deadline)
        let period = duration(.period)
        // What could not be read is not missing too.
        guard problems.count == count else { return nil }
        if policy == .deadline {
            if priority != nil {
                report(AnnotationKey.priority.key, "deadlines have no priority", hint: "leave it out")
            }
            return self.deadline(runtime: runtime, deadline: deadline, period: period)
        }
        if deadline != nil {
            report(
                AnnotationKey.deadline.key, "only deadlines have one",
                hint: "set \(AnnotationKey.policy.key) to 'deadline'")
        }
        guard let priority else {
            report(first, "there is no priority", hint: "add \(AnnotationKey.priority.key), 1 to 99")
            return nil
        }
        return RealtimeRequest(
            policy: policy, priority: priority, budget: budget(runtime, period) ?? container.spec.cpu.realtimeBudget)
    }

    private mutating func budget(_ runtime: UInt64?, _ period: UInt64?) -> RealtimeRequest.Budget? {
        guard let runtime else {
            if period != nil {
                report(AnnotationKey.period.key, "there is no time", hint: "add \(AnnotationKey.runtime.key)")
            }
            return nil
        }
        // The kernel's own `cpu.rt_period_us` is a second.
        let budget = RealtimeRequest.Budget(runtime: runtime, period: period ?? 1_000_000_000)
        refuseOrder(budget)
        return budget
    }

    private mutating func deadline(runtime: UInt64?, deadline: UInt64?, period: UInt64?) -> RealtimeRequest? {
        guard let runtime, let period = period ?? deadline else {
            let missing: AnnotationKey = runtime == nil ? .runtime : .period
            report(AnnotationKey.policy.key, "a deadline needs more", hint: "add \(missing.key), such as 10ms")
            return nil
        }
        let budget = RealtimeRequest.Budget(runtime: runtime, deadline: deadline, period: period)
        refuseOrder(budget)
        return RealtimeRequest(policy: .deadline, budget: budget)
    }

    /// The kernel wants runtime ≤ deadline ≤ period, sched(7).
    private mutating func refuseOrder(_ budget: RealtimeRequest.Budget) {
        if budget.runtime > budget.deadline {
            report(
                AnnotationKey.runtime.key, "\(budget.runtime) ns do not fit into \(budget.deadline) ns",
                hint: "make it shorter than the deadline")
        }
        if budget.deadline > budget.period {
            report(
                AnnotationKey.deadline.key, "\(budget.deadline) ns are longer than the period, \(budget.period) ns",
                hint: "make it shorter")
        }
    }

    /// Reads `process.scheduler`; policies that are not real time ask for nothing.
    private mutating func scheduled(_ container: Container) -> RealtimeRequest? {
        guard let scheduler = container.spec.process?.scheduler else { return nil }
        guard let flaw = scheduler.flaw else { return scheduler.request(budget: container.spec.cpu.realtimeBudget) }
        report("process.scheduler" + flaw.key, flaw.message, hint: flaw.hint)
        return nil
    }
}

extension CPUResources {
    /// The real-time budget that the configuration asks of the runtime; nil when it does not.
    var realtimeBudget: RealtimeRequest.Budget? {
        guard let realtimeRuntime, realtimeRuntime > 0 else { return nil }
        let period = realtimePeriod ?? 1_000_000
        guard period > 0, period <= 1_000_000_000 else { return nil }
        return RealtimeRequest.Budget(runtime: min(UInt64(realtimeRuntime), period) * 1000, period: period * 1000)
    }
}

/// What `process.scheduler` means for real time, sched(7).
extension Scheduler {
    /// The policy; nil for one that is not real time.
    private var realtimePolicy: RealtimePolicy? {
        switch policy {
        case "SCHED_FIFO": .fifo
        case "SCHED_RR": .rr
        case "SCHED_DEADLINE": .deadline
        default: nil
        }
    }

    private static let ordinary = ["SCHED_OTHER", "SCHED_BATCH", "SCHED_IDLE", "SCHED_ISO", "SCHED_NORMAL"]

    /// The kernel takes 0 for a period as long as the deadline.
    private var effectivePeriod: UInt64 { period == 0 ? deadline : period }

    /// Why no kernel takes it, with the key below `process.scheduler`; nil when it may.
    var flaw: (key: String, message: String, hint: String)? {
        switch realtimePolicy {
        case .fifo, .rr:
            guard !(1...99).contains(priority) else { return nil }
            return (".priority", "\(priority) is none", "accepted is 1 to 99")
        case .deadline:
            if runtime > 0, runtime <= deadline, deadline <= effectivePeriod { return nil }
            return ("", "0 < runtime ≤ deadline ≤ period does not hold", "give all three in nanoseconds")
        case nil:
            guard !Self.ordinary.contains(policy) else { return nil }
            return (".policy", "\(quoted(policy)) is none", "such as SCHED_FIFO, sched(7)")
        }
    }

    /// The real-time scheduling that the runtime gives by itself.
    ///
    /// - Parameter budget: The time that the configuration asks for, where the policy has priorities.
    /// - Returns: Nil for none, and for what no kernel takes.
    func request(budget: RealtimeRequest.Budget?) -> RealtimeRequest? {
        guard let realtimePolicy, flaw == nil else { return nil }
        var request =
            realtimePolicy == .deadline
            ? RealtimeRequest(
                policy: .deadline, budget: .init(runtime: runtime, deadline: deadline, period: effectivePeriod))
            : RealtimeRequest(policy: realtimePolicy, priority: Int(priority), budget: budget)
        request.isRuntimes = true
        return request
    }

    /// Why a request cannot be had beside it; nil when it can.
    func contradiction(to request: RealtimeRequest) -> String? {
        guard let asked = request.policy, asked != realtimePolicy else { return nil }
        return
            "\(AnnotationKey.policy.key) asks for '\(asked.rawValue)', and process.scheduler of its configuration for "
            + quoted(policy)
    }
}
