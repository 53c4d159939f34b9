// SPDX-License-Identifier: Apache-2.0

package import Linux

/// Which system calls a process may still make, and what becomes of it when it makes another.
///
/// The kernel's document is `Documentation/userspace-api/seccomp_filter.rst`.
package struct SeccompFilter: Hashable, Sendable {
    let rules: [Rule]
    let otherwise: Action

    /// Describes a filter.
    ///
    /// - Parameters:
    ///   - rules: What becomes of the calls that are named; several rules with the same action may name one call.
    ///   - otherwise: What becomes of all others.
    package init(_ rules: [Rule], otherwise: Action) {
        self.rules = rules
        self.otherwise = otherwise
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

        var code: UInt32 {
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
}
