// SPDX-License-Identifier: Apache-2.0

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
