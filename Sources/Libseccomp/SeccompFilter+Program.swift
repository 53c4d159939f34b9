// SPDX-License-Identifier: Apache-2.0

internal import CLibseccomp
package import Linux

extension SeccompFilter {
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
    package func program(for architecture: SeccompProgram.Architecture = .current) throws(Errno) -> SeccompProgram {
        guard let context = unsafe seccomp_init(otherwise.code) else { throw .invalidArgument }
        defer { unsafe seccomp_release(context) }
        if architecture != .current {
            let token = unsafe seccomp_arch_resolve_name(architecture.rawValue)
            try check(unsafe seccomp_arch_add(context, token))
            try check(unsafe seccomp_arch_remove(context, seccomp_arch_native()))
        }
        try check(unsafe seccomp_attr_set(context, SCMP_FLTATR_ACT_BADARCH, Action.killProcess.code))
        // A tree: from 5.11 on the kernel tries each number as it takes the filter, one comparison after the other.
        try check(unsafe seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2))
        for rule in rules { try unsafe add(rule, to: context) }
        let pipe = try Pipe()
        // A pipe holds 65,536 bytes, and no program is longer than 4,096 instructions of 8 bytes.
        try check(unsafe seccomp_export_bpf(context, pipe.writeEnd.number))
        return SeccompProgram(instructions: instructions(try pipe.keepingReadEnd().readAll()))
    }

    /// The names for which ``program(for:)`` fails because libseccomp knows no system call that has them.
    package var unknownNames: [String] {
        rules.map(\.name).filter { unsafe seccomp_syscall_resolve_name($0) == __NR_SCMP_ERROR }
    }

    private func add(_ rule: Rule, to context: scmp_filter_ctx) throws(Errno) {
        // C would cut the name at its first NUL byte.
        if rule.name.utf8.contains(0) { throw .invalidArgument }
        let number = unsafe seccomp_syscall_resolve_name(rule.name)
        if number == __NR_SCMP_ERROR { throw .functionNotImplemented }
        let conditions = rule.conditions.map { condition in
            scmp_arg_cmp(
                arg: condition.argument, op: SCMP_CMP_MASKED_EQ, datum_a: condition.mask, datum_b: condition.value)
        }
        try check(
            unsafe seccomp_rule_add_array(context, rule.action.code, number, UInt32(conditions.count), conditions))
    }
}

/// Throws the error number that a function of libseccomp returned negated.
private func check(_ result: Int32) throws(Errno) {
    if result < 0 { throw Errno(rawValue: -result) }
}

/// The instructions in the bytes of an array of `struct sock_filter`, on machines of little-endian byte order.
private func instructions(_ bytes: [UInt8]) -> [UInt64] {
    stride(from: 0, to: bytes.count, by: 8).map { start in
        bytes[start..<min(start + 8, bytes.count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
