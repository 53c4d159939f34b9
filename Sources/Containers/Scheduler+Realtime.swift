// SPDX-License-Identifier: Apache-2.0

internal import Text

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
