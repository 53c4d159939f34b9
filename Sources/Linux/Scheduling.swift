// SPDX-License-Identifier: Apache-2.0

import CLinux

/// How the kernel schedules a task.
///
/// The corresponding C type is `struct sched_attr`; the kernel's document is `Documentation/scheduler/sched-deadline.rst`.
package struct Scheduling: Hashable, Sendable {
    /// The rule by which the task is chosen.
    package var policy: SchedulingPolicy
    /// How much the task stands back, from -20 to 19; with ``SchedulingPolicy/other`` and ``SchedulingPolicy/batch``.
    package var nice: Int32 = 0
    /// From 1, the lowest, to 99; with ``SchedulingPolicy/fifo`` and ``SchedulingPolicy/roundRobin``, else 0.
    package var priority: UInt32 = 0
    /// What the task is given in each period; with ``SchedulingPolicy/deadline``, else nil.
    package var reservation: Reservation?
    /// What else holds.
    package var flags: Flags = []

    /// A fair share.
    package init(_ policy: SchedulingPolicy = .other, nice: Int32 = 0, flags: Flags = []) {
        self.policy = policy
        self.nice = nice
        self.flags = flags
    }

    /// Real time, by priority.
    package init(_ policy: SchedulingPolicy, priority: UInt32, flags: Flags = []) {
        self.policy = policy
        self.priority = priority
        self.flags = flags
    }

    /// Real time, by deadline.
    package init(_ reservation: Reservation, flags: Flags = []) {
        policy = .deadline
        self.reservation = reservation
        self.flags = flags
    }
}

extension Scheduling {
    /// What a task is given in each period, in nanoseconds.
    package struct Reservation: Hashable, Sendable {
        /// How long the task runs in each period.
        package var runtime: UInt64
        /// By when it has run, counted from the beginning of the period.
        package var deadline: UInt64
        /// How long a period is; 0 for as long as ``deadline``.
        package var period: UInt64

        /// Takes the three times, in nanoseconds.
        package init(runtime: UInt64, deadline: UInt64, period: UInt64) {
            self.runtime = runtime
            self.deadline = deadline
            self.period = period
        }
    }

    /// What else holds.
    package struct Flags: OptionSet, Hashable, Sendable {
        /// The kernel's bits.
        package let rawValue: UInt64

        /// Takes the kernel's bits.
        package init(rawValue: UInt64) {
            self.rawValue = rawValue
        }

        /// Children start with a fair share, and niceness below 0 is not inherited.
        ///
        /// The corresponding C flag is `SCHED_FLAG_RESET_ON_FORK`.
        package static let resetOnFork = Flags(rawValue: 0x01)

        /// Takes run time that other deadline tasks leave.
        ///
        /// The corresponding C flag is `SCHED_FLAG_RECLAIM`.
        package static let reclaim = Flags(rawValue: 0x02)

        /// Is told by `SIGXCPU` when it ran for longer than it was given.
        ///
        /// The corresponding C flag is `SCHED_FLAG_DL_OVERRUN`.
        package static let signalOverrun = Flags(rawValue: 0x04)
    }

    /// Reads how a task is scheduled.
    ///
    /// - Parameter task: The number of a thread, or 0 for the calling one.
    /// - Returns: What the kernel holds.
    /// - Throws: ``Errno/noSuchProcess`` if the task has ended, else the reason of the refusal.
    ///
    /// The corresponding C function is `sched_getattr`.
    package static func of(_ task: Int32) throws(Errno) -> Scheduling {
        var held = clinux_scheduling()
        _ = try call { unsafe clinux_sched_getattr(task, &held) }
        var scheduling = Scheduling(
            SchedulingPolicy(rawValue: held.policy), nice: held.nice, flags: Flags(rawValue: held.flags))
        scheduling.priority = held.priority
        // From 6.12 on the kernel tells the time slice of a fair task in the same place.
        if scheduling.policy == .deadline {
            scheduling.reservation = Reservation(
                runtime: held.runtime, deadline: held.deadline, period: held.period)
        }
        return scheduling
    }

    /// Has a task scheduled like this.
    ///
    /// What the kernel then holds may differ, as does the niceness of a real-time task: ``of(_:)`` reads it back.
    ///
    /// - Parameter task: The number of a thread, or 0 for the calling one.
    /// - Throws: ``Errno/invalidArgument`` for a priority or times that the policy does not take,
    ///   ``Errno/notPermitted`` without the right, or where the group of the task has no real-time budget, or where a
    ///   deadline task may not use all CPUs of its domain, ``Errno/busy`` if there is no time left to promise,
    ///   ``Errno/noSuchProcess`` if the task has ended.
    ///
    /// The corresponding C function is `sched_setattr`.
    package func set(of task: Int32) throws(Errno) {
        var wanted = clinux_scheduling()
        wanted.policy = policy.rawValue
        wanted.flags = flags.rawValue
        wanted.nice = nice
        wanted.priority = priority
        wanted.runtime = reservation?.runtime ?? 0
        wanted.deadline = reservation?.deadline ?? 0
        wanted.period = reservation?.period ?? 0
        _ = try call { unsafe clinux_sched_setattr(task, &wanted) }
    }
}

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
}

extension SchedulingPolicy: CustomStringConvertible {
    private static let names: KeyValuePairs<SchedulingPolicy, String> = [
        .other: "other", .fifo: "fifo", .roundRobin: "rr", .batch: "batch", .idle: "idle", .deadline: "deadline",
    ]

    /// The short form, such as `fifo`; `policy 7` for one that has no name here.
    package var description: String {
        Self.names.first { $0.key == self }?.value ?? "policy \(rawValue)"
    }
}
