// SPDX-License-Identifier: Apache-2.0

import Glibc

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
