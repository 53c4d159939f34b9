// SPDX-License-Identifier: Apache-2.0

internal import JSON

/// Which system calls the processes of a container may make: `linux.seccomp`.
package struct Seccomp: Hashable, Sendable {
    /// What becomes of a call, such as `SCMP_ACT_ERRNO`.
    package struct Action: Hashable, Sendable {
        /// The name of the action.
        package var name: String
        /// The error number that the caller sees; EPERM unless given.
        package var errno: UInt32

        /// Whether the call happens.
        package var allows: Bool { name == "SCMP_ACT_ALLOW" || name == "SCMP_ACT_LOG" }
    }

    /// A comparison of one argument of a call.
    package struct Condition: Hashable, Sendable {
        /// Which argument, from 0.
        package var index: UInt32
        /// What it is compared with.
        package var value: UInt64
        /// With `SCMP_CMP_MASKED_EQ`: what it has to be after `value` masked it.
        package var valueTwo: UInt64
        /// Such as `SCMP_CMP_EQ`.
        package var comparison: String
    }

    /// What becomes of some calls; with conditions only of those that meet all of them.
    package struct Rule: Hashable, Sendable {
        /// Names of system calls.
        package var names: [String]
        /// What becomes of them.
        package var action: Action
        /// What their arguments must be.
        package var conditions: [Condition]
    }

    /// What becomes of calls of which no rule speaks.
    package var defaultAction: Action
    /// The instruction sets whose calls are looked at; the machine's own always is.
    package var architectures: [String]
    /// The rules.
    ///
    /// What `includes` and `excludes` say does not count: engines resolve them before, and runtimes skip them.
    package var rules: [Rule]

    init(_ fields: Fields) throws(DocumentError) {
        defaultAction = try Action(fields, "defaultAction", errno: "defaultErrnoRet")
        architectures = try fields.strings("architectures")
        rules = []
        for rule in try fields.objects("syscalls") { rules.append(try Rule(rule)) }
    }
}

extension Seccomp.Action {
    private static let known = [
        "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP", "SCMP_ACT_ERRNO",
        "SCMP_ACT_TRACE", "SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY",
    ]

    fileprivate init(_ fields: Fields, _ key: String, errno: String) throws(DocumentError) {
        name = try fields.required(key)
        guard Self.known.contains(name) else { throw fields.error("no action of seccomp(2) has this name", at: key) }
        self.errno = try fields.integer(errno) ?? 1
    }
}

extension Seccomp.Rule {
    fileprivate init(_ fields: Fields) throws(DocumentError) {
        names = try fields.strings("names")
        action = try Seccomp.Action(fields, "action", errno: "errnoRet")
        conditions = []
        for argument in try fields.objects("args") { conditions.append(try Seccomp.Condition(argument)) }
    }
}

extension Seccomp.Condition {
    fileprivate init(_ fields: Fields) throws(DocumentError) {
        guard let index = try fields.integer("index", as: UInt32.self), index < 6 else {
            throw fields.error("the number of an argument is wanted, 0 to 5", at: "index")
        }
        self.index = index
        value = try fields.integer("value") ?? 0
        valueTwo = try fields.integer("valueTwo") ?? 0
        comparison = try fields.required("op")
    }
}

// MARK: - Calls of real-time programs

/// A system call that real-time programs make.
package enum RealtimeCall: String, Hashable, Sendable, CaseIterable {
    /// It gives a process a policy and a priority.
    case setScheduler = "sched_setscheduler"
    /// The same, and it alone gives deadlines.
    case setAttributes = "sched_setattr"
    /// It keeps all memory of a process from being paged out.
    case lockAll = "mlockall"
    /// It keeps some memory from being paged out.
    case lock = "mlock"
}

/// What a seccomp profile makes of a call that real-time programs need.
package struct CallRefusal: Hashable, Sendable {
    /// The call.
    package var call: RealtimeCall
    /// What becomes of it.
    package var action: Seccomp.Action
    /// Whether only some calls are refused, depending on their arguments.
    package var dependsOnArguments: Bool

    /// Such as `mlockall would fail with EPERM`.
    package var text: String {
        "\(call.rawValue) would \(action.consequence)" + (dependsOnArguments ? ", depending on its arguments" : "")
    }
}

extension Seccomp.Action {
    fileprivate var consequence: String {
        switch name {
        case "SCMP_ACT_ERRNO":
            errno == 1 ? "fail with EPERM" : errno == 38 ? "fail with ENOSYS" : "fail with error \(errno)"
        case "SCMP_ACT_TRAP": "raise SIGSYS"
        case "SCMP_ACT_TRACE": "be left to a tracer"
        case "SCMP_ACT_NOTIFY": "be left to a listener"
        case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD": "kill its thread"
        default: "kill its process"
        }
    }
}

extension Seccomp {
    /// The calls of real-time programs that this profile does not let through, in all cases or in some.
    package var refusals: [CallRefusal] { RealtimeCall.allCases.compactMap(refusal) }

    private func refusal(of call: RealtimeCall) -> CallRefusal? {
        // A rule that says what holds anyhow is skipped by runtimes.
        let rules = rules.filter { $0.names.contains(call.rawValue) && $0.action != defaultAction }
        let sometimes = rules.filter { !$0.conditions.isEmpty }
        // A rule without conditions decides by itself.
        if let rule = rules.first(where: { $0.conditions.isEmpty }) {
            return rule.action.allows ? nil : CallRefusal(call: call, action: rule.action, dependsOnArguments: false)
        }
        if defaultAction.allows {
            guard let rule = sometimes.first(where: { !$0.action.allows }) else { return nil }
            return CallRefusal(call: call, action: rule.action, dependsOnArguments: true)
        }
        let opened = sometimes.contains { $0.action.allows }
        return CallRefusal(call: call, action: defaultAction, dependsOnArguments: opened)
    }
}
