// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// The first process of a container, as `process` of its configuration describes it.
package struct ContainerProcess: Hashable, Sendable {
    /// The program and its arguments.
    package var args: [String]
    /// Its environment, `NAME=value`.
    package var env: [String]
    /// How it is to be scheduled; nil when as any other.
    package var scheduler: Scheduler?
    /// The limits it starts with.
    package var rlimits: [ProcessLimit]

    init(_ fields: Fields) throws(DocumentError) {
        args = try fields.strings("args")
        env = try fields.strings("env")
        scheduler = try fields.object("scheduler").map { fields throws(DocumentError) in try Scheduler(fields) }
        rlimits = []
        for limit in try fields.objects("rlimits") { rlimits.append(try ProcessLimit(limit)) }
    }

    /// The limit of this name, such as `RLIMIT_RTPRIO`; nil when the configuration leaves it alone.
    package func limit(_ name: String) -> ProcessLimit? { rlimits.first { $0.type == name } }
}

/// One resource limit, getrlimit(2).
package struct ProcessLimit: Hashable, Sendable {
    /// Its name, such as `RLIMIT_RTPRIO`.
    package var type: String
    /// What holds now; 2⁶⁴-1 is no limit.
    package var soft: UInt64
    /// What the process may raise it to.
    package var hard: UInt64

    init(_ fields: Fields) throws(DocumentError) {
        type = try fields.required("type")
        soft = try fields.integer("soft") ?? 0
        hard = try fields.integer("hard") ?? 0
    }
}

/// How a process is scheduled from its start: `process.scheduler`, sched(7).
package struct Scheduler: Hashable, Sendable {
    /// Such as `SCHED_FIFO`.
    package var policy: String
    /// How it yields to others, -20 to 19.
    package var nice: Int32
    /// The real-time priority, 1 to 99; 0 for policies that have none.
    package var priority: Int32
    /// Such as `SCHED_FLAG_RESET_ON_FORK`.
    package var flags: [String]
    /// For deadlines: how many nanoseconds it may run in each period.
    package var runtime: UInt64
    /// For deadlines: within how many nanoseconds of a period it is done.
    package var deadline: UInt64
    /// For deadlines: the length of a period in nanoseconds.
    package var period: UInt64

    init(_ fields: Fields) throws(DocumentError) {
        policy = try fields.required("policy")
        nice = try fields.integer("nice") ?? 0
        priority = try fields.integer("priority") ?? 0
        flags = try fields.strings("flags")
        runtime = try fields.integer("runtime") ?? 0
        deadline = try fields.integer("deadline") ?? 0
        period = try fields.integer("period") ?? 0
    }
}
