// SPDX-License-Identifier: Apache-2.0

/// The rule by which the kernel chooses among tasks.
package struct SchedulingPolicy: Hashable, Sendable, RawRepresentable {
    /// The kernel's number for it.
    package let rawValue: UInt32

    /// Takes the kernel's number for it.
    package init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// A fair share, by niceness; what tasks start with.
    ///
    /// The corresponding C constant is `SCHED_OTHER`.
    package static let other = SchedulingPolicy(rawValue: 0)

    /// In real time, by priority, for as long as the task runs.
    ///
    /// The corresponding C constant is `SCHED_FIFO`.
    package static let fifo = SchedulingPolicy(rawValue: 1)

    /// In real time, by priority, in turns among those of the same priority.
    ///
    /// The corresponding C constant is `SCHED_RR`.
    package static let roundRobin = SchedulingPolicy(rawValue: 2)

    /// A fair share without being woken early, for work that nobody waits for.
    ///
    /// The corresponding C constant is `SCHED_BATCH`.
    package static let batch = SchedulingPolicy(rawValue: 3)

    /// Only what is left over.
    ///
    /// The corresponding C constant is `SCHED_IDLE`.
    package static let idle = SchedulingPolicy(rawValue: 5)

    /// In real time, some run time in each period, due by a deadline.
    ///
    /// The corresponding C constant is `SCHED_DEADLINE`.
    package static let deadline = SchedulingPolicy(rawValue: 6)

    /// Whether tasks with this policy come before all that have a fair share.
    package var isRealTime: Bool {
        self == .fifo || self == .roundRobin || self == .deadline
    }

    /// Whether a priority from 1 to 99 goes with it.
    package var hasPriority: Bool {
        self == .fifo || self == .roundRobin
    }
}

extension SchedulingPolicy: LosslessStringConvertible {
    private static let names: KeyValuePairs<SchedulingPolicy, String> = [
        .other: "other", .fifo: "fifo", .roundRobin: "rr", .batch: "batch", .idle: "idle", .deadline: "deadline",
    ]

    /// Understands a name of the kernel, such as `SCHED_FIFO`, and the short form, such as `fifo`.
    package init?(_ description: String) {
        let prefix = "SCHED_"
        let kernels = Self.names.first { prefix + $0.value.uppercased() == description }
        guard let known = kernels ?? Self.names.first(where: { $0.value == description }) else { return nil }
        self = known.key
    }

    /// The short form, such as `fifo`; `policy 7` for one that has no name here.
    package var description: String {
        Self.names.first { $0.key == self }?.value ?? "policy \(rawValue)"
    }

    /// The kernel's name, which containers use too, such as `SCHED_FIFO`; nil for one that has no name here.
    package var kernelName: String? {
        Self.names.first { $0.key == self }.map { "SCHED_" + $0.value.uppercased() }
    }
}
