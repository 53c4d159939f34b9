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

    /// Takes the instructions as a file holds them.
    init(_ bytes: [UInt8]) {
        instructions = stride(from: 0, to: bytes.count, by: 8).map { start in
            bytes[start..<min(start + 8, bytes.count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
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
