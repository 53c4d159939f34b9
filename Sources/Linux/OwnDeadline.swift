// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// The moment at which this process ends whatever it is doing, with one last line.
///
/// It holds also while the process hangs in a system call or in a loop, and under a filter of system calls that allows
/// `poll` (or `ppoll`, where there is no other), `write` and `exit_group`.
package enum OwnDeadline {
    /// The longest last line, in bytes; what is beyond is cut.
    package static let lineLimit = CLINUX_LAST_LINE_LIMIT

    /// Has the process end when this much time has passed from now on, in place of an earlier deadline.
    ///
    /// For programs: uses the signal `SIGALRM`, also if whoever started the process had it ignored or held back. The
    /// line is left out where writing it would have to wait for a reader.
    ///
    /// - Parameters:
    ///   - milliseconds: How long the process may take.
    ///   - line: What it writes to its standard error then, with the end of the line.
    ///   - status: The status that it ends with.
    /// - Throws: ``Errno/invalidArgument`` for no time at all, else the reason of the refusal.
    ///
    /// The corresponding C functions are `setitimer` and `_exit`.
    package static func set(milliseconds: Int, line: String, status: Int32) throws(Errno) {
        // To the kernel, no time at all means never.
        if milliseconds <= 0 { throw .invalidArgument }
        let bytes = line.utf8.span
        _ = try call {
            unsafe bytes.withUnsafeBytes {
                unsafe clinux_end_after(Int64(milliseconds), $0.baseAddress, $0.count, status)
            }
        }
    }

    /// Ends the process with another status when its time is over; asks nothing of the kernel, so that a filter may be in place.
    package static func end(with status: Int32) { clinux_end_with(status) }
}
