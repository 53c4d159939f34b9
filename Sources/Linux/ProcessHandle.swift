// SPDX-License-Identifier: Apache-2.0

import CLinux

/// One process, which no later process with the same number can be taken for.
package struct ProcessHandle: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// The number to wait with: readable when the process has ended.
    package var number: Int32 { descriptor.number }

    /// Takes hold of the process that has a number now.
    ///
    /// - Parameter process: The number of the process.
    /// - Throws: ``Errno/noSuchProcess`` if there is none, ``Errno/functionNotImplemented`` before Linux 5.3, else the
    ///   reason of the refusal.
    ///
    /// The corresponding C function is `pidfd_open`.
    package init(_ process: Int32) throws(Errno) {
        descriptor = FileDescriptor(owning: try call { clinux_pidfd_open(process) })
    }

    /// Whether the process has ended, be it that nobody has waited for it yet.
    ///
    /// The corresponding C function is `poll`.
    package func hasEnded() throws(Errno) -> Bool {
        try !Poller.wait(for: [.init(number)], timeout: .zero).isEmpty
    }
}
