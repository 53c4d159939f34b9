// SPDX-License-Identifier: Apache-2.0

import Glibc

extension CurrentProcess {
    /// Sends a signal to one process.
    ///
    /// - Parameters:
    ///   - process: Its number.
    ///   - signal: The signal.
    /// - Throws: ``Errno/invalidArgument`` for a number below 1, which would mean many processes at once,
    ///   ``Errno/noSuchProcess`` if it has ended, ``Errno/notPermitted`` if it belongs to somebody else.
    ///
    /// The corresponding C function is `kill`.
    package static func signal(_ process: Int32, _ signal: Signal) throws(Errno) {
        guard process > 0 else { throw .invalidArgument }
        _ = try call { libc(kill(process, signal.rawValue)) }
    }
}
