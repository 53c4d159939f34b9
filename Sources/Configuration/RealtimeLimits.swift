// SPDX-License-Identifier: Apache-2.0

/// How much real-time scheduling a container may ask for.
package struct RealtimeLimits: Hashable, Sendable {
    /// The highest priority that is granted, 0 to 99; with 0 nobody gets real-time priority.
    package var maxPriority = 0
    /// The policies that are granted; with none, nobody gets real-time scheduling.
    package var policies: Set<RealtimePolicy> = [.fifo, .rr]
    /// What becomes of a request above these limits.
    package var above = Excess.deny
    /// The most real-time microseconds of each second (`cpu.rt_runtime_us`); nil when only the kernel limits them.
    package var runtime: Int?

    /// The limits of a configuration that says nothing: priority 0.
    package init() {}

    /// What becomes of a container that asks for more than is granted.
    package enum Excess: String, Hashable, Sendable, CaseIterable {
        /// It does not start.
        case deny
        /// It gets what is granted.
        case clamp
        /// It starts as if it had not asked.
        case ignore
    }
}

/// A real-time scheduling policy, sched(7).
package enum RealtimePolicy: String, Hashable, Sendable, CaseIterable {
    /// It runs until it waits or a higher priority is ready (`SCHED_FIFO`).
    case fifo
    /// The same, in turns with those of equal priority (`SCHED_RR`).
    case rr
    /// It gets a time budget in each period (`SCHED_DEADLINE`).
    case deadline
}
