// SPDX-License-Identifier: Apache-2.0

internal import CLibseccomp

/// Which system calls a process may still make, and what becomes of it when it makes another.
///
/// The kernel's document is `Documentation/userspace-api/seccomp_filter.rst`.
package struct SeccompFilter: Hashable, Sendable {
    private let rules: [Rule]
    private let otherwise: Action

    /// Describes a filter.
    ///
    /// - Parameters:
    ///   - rules: What becomes of the calls that are named; several rules with the same action may name one call.
    ///   - otherwise: What becomes of all others.
    package init(_ rules: [Rule], otherwise: Action) {
        self.rules = rules
        self.otherwise = otherwise
    }

    /// Has libseccomp translate the filter for the kernel, which takes it longer than many a process lives.
    ///
    /// A process that uses the calls of another architecture than this one is killed. Calls that only other
    /// architectures have are passed over.
    ///
    /// - Parameter architecture: Whose numbers the system calls have.
    /// - Returns: The instructions.
    /// - Throws: ``Errno/functionNotImplemented`` for a name that no system call has, ``Errno/permissionDenied`` for a
    ///   rule that says what holds otherwise too, else the reason for which libseccomp failed.
    ///
    /// The corresponding C functions are `seccomp_init`, `seccomp_rule_add_array` and `seccomp_export_bpf`.
    package func program(for architecture: Architecture = .current) throws(Errno) -> SeccompProgram {
        guard let context = unsafe seccomp_init(otherwise.code) else { throw .invalidArgument }
        defer { unsafe seccomp_release(context) }
        if architecture != .current {
            let token = unsafe seccomp_arch_resolve_name(architecture.rawValue)
            _ = try call { unsafe seccomp_arch_add(context, token) }
            _ = try call { unsafe seccomp_arch_remove(context, seccomp_arch_native()) }
        }
        _ = try call { unsafe seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, Action.killProcess.code) }
        // A tree: from 5.11 on the kernel tries each number as it takes the filter, one comparison after the other.
        _ = try call { unsafe seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2) }
        for rule in rules { try unsafe add(rule, to: context) }
        let pipe = try Pipe()
        // A pipe holds 65,536 bytes, and no program is longer than 4,096 instructions of 8 bytes.
        _ = try call { unsafe seccomp_export_bpf(context, pipe.writeEnd.number) }
        return SeccompProgram(try pipe.keepingReadEnd().readAll())
    }

    private func add(_ rule: Rule, to context: scmp_filter_ctx) throws(Errno) {
        try refuseEmbeddedNUL(rule.name)
        let number = unsafe seccomp_syscall_resolve_name(rule.name)
        if number == __NR_SCMP_ERROR { throw .functionNotImplemented }
        let conditions = rule.conditions.map { condition in
            scmp_arg_cmp(
                arg: condition.argument, op: SCMP_CMP_MASKED_EQ, datum_a: condition.mask, datum_b: condition.value)
        }
        _ = try call {
            unsafe seccomp_rule_add_array(context, rule.action.code, number, UInt32(conditions.count), conditions)
        }
    }
}

extension SeccompFilter {
    /// What becomes of a system call.
    package enum Action: Hashable, Sendable {
        /// It is made.
        ///
        /// The corresponding C constant is `SECCOMP_RET_ALLOW`.
        case allow
        /// It is made, and written to the audit log.
        ///
        /// The corresponding C constant is `SECCOMP_RET_LOG`.
        case log
        /// It fails for this reason, without having been made.
        ///
        /// The corresponding C constant is `SECCOMP_RET_ERRNO`.
        case fail(Errno)
        /// The process ends, as if by `SIGSYS`, and the audit log says so.
        ///
        /// The corresponding C constant is `SECCOMP_RET_KILL_PROCESS`.
        case killProcess

        fileprivate var code: UInt32 {
            switch self {
            case .allow: 0x7fff_0000
            case .log: 0x7ffc_0000
            case .fail(let reason): 0x0005_0000 | UInt32(reason.rawValue) & 0xffff
            case .killProcess: 0x8000_0000
            }
        }
    }

    /// What becomes of one system call.
    package struct Rule: Hashable, Sendable {
        let name: String
        let action: Action
        let conditions: [Condition]

        /// Names a system call.
        ///
        /// - Parameters:
        ///   - name: The kernel's name for it, such as `openat2`.
        ///   - action: What becomes of it.
        ///   - conditions: What all has to hold for that; nothing at all for every such call.
        package init(_ name: String, _ action: Action = .allow, where conditions: Condition...) {
            self.name = name
            self.action = action
            self.conditions = conditions
        }
    }

    /// What holds of one argument of a system call.
    package struct Condition: Hashable, Sendable {
        let argument: UInt32
        let mask: UInt64
        let value: UInt64

        /// An argument is a number, in all its 64 bits.
        package static func argument(_ index: UInt32, is value: UInt64) -> Condition {
            Condition(argument: index, mask: .max, value: value)
        }

        /// An argument has none of some bits.
        package static func argument(_ index: UInt32, lacks bits: UInt64) -> Condition {
            Condition(argument: index, mask: bits, value: 0)
        }
    }

    /// A kind of machine, by the name that libseccomp has for it.
    package enum Architecture: String, CaseIterable, Sendable {
        /// What Debian calls `amd64`.
        case x86_64
        /// What Debian calls `arm64`.
        case aarch64

        /// The kind that this program is built for.
        package static var current: Architecture {
            #if arch(arm64)
            .aarch64
            #else
            .x86_64
            #endif
        }
    }
}
