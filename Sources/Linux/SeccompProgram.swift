// SPDX-License-Identifier: Apache-2.0

import CLinux

/// A filter of system calls as the kernel takes it: instructions of 8 bytes each.
///
/// The corresponding C type is `struct sock_fprog`.
package struct SeccompProgram: Hashable, Sendable {
    /// The instructions: code in the lowest 16 bits, jumps in 8 bits each, constant in the highest 32.
    package let instructions: [UInt64]

    /// Takes instructions that were translated before.
    package init(instructions: [UInt64]) {
        self.instructions = instructions
    }

    /// Filters the system calls of this process, of all its threads, from now on and for ever.
    ///
    /// No program that the process starts or becomes gains rights any more: without that the kernel takes filters from
    /// root alone.
    ///
    /// - Throws: ``Errno/invalidArgument`` for instructions that the kernel does not understand,
    ///   ``Errno/noSuchProcess`` if a thread has another filter already, else the reason of the refusal.
    ///
    /// The corresponding C function is `seccomp` with `SECCOMP_FILTER_FLAG_TSYNC`.
    package func install() throws(Errno) {
        try CurrentProcess.forbidNewPrivileges()
        _ = try call { unsafe clinux_filter_system_calls(instructions, instructions.count) }
    }
}

extension SeccompProgram {
    /// A kind of machine, by the name that uname(2) and libseccomp have for it.
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
