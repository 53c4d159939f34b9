// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Signals that are read like a file, instead of interrupting whatever the process does.
package struct Signals: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// The number to wait with: readable when a signal has arrived.
    package var number: Int32 { descriptor.number }

    /// Keeps some signals from acting on their own, until the process ends.
    ///
    /// For programs, before they start a thread: only the calling thread and those that it starts later hold the
    /// signals back, and another one would still be ended by them. Programs that ``ChildProcess`` starts are not
    /// affected.
    ///
    /// - Parameter signals: The signals to hold back, and to read.
    /// - Throws: The reason of the refusal.
    ///
    /// The corresponding C functions are `pthread_sigmask` and `signalfd`.
    package init(_ signals: Set<Signal>) throws(Errno) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { _ = try call { unsafe libc(sigaddset(&set, signal.rawValue)) } }
        _ = try call { unsafe -pthread_sigmask(SIG_BLOCK, &set, nil) }
        descriptor = FileDescriptor(owning: try call { unsafe clinux_signalfd(&set) })
    }

    /// Takes the next signal.
    ///
    /// Never waits. A signal that arrived several times before it is taken counts once.
    ///
    /// - Returns: The signal, or nil when none has arrived.
    /// - Throws: The reason of the refusal.
    ///
    /// The corresponding C function is `read`.
    package func next() throws(Errno) -> Signal? {
        do throws(Errno) {
            return Signal(rawValue: try call { clinux_next_signal(number) })
        } catch .wouldBlock {
            return nil
        }
    }
}

/// A word from one process to another.
package struct Signal: Hashable, Sendable, RawRepresentable {
    /// The kernel's number for it.
    package let rawValue: Int32

    /// Takes the kernel's number for it.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// End in good order.
    ///
    /// The corresponding C signal is `SIGTERM`.
    package static let terminate = Signal(rawValue: SIGTERM)

    /// Stop what you are doing: somebody pressed Ctrl-C.
    ///
    /// The corresponding C signal is `SIGINT`.
    package static let interrupt = Signal(rawValue: SIGINT)

    /// Read your configuration again; or the terminal is gone.
    ///
    /// The corresponding C signal is `SIGHUP`.
    package static let hangup = Signal(rawValue: SIGHUP)
}
