// SPDX-License-Identifier: Apache-2.0

import CLinux

/// Two ends of one channel: what is written to one is read from the other.
package struct Pipe: ~Copyable, Sendable {
    /// Where the bytes come out.
    package let readEnd: FileDescriptor
    /// Where the bytes go in.
    package let writeEnd: FileDescriptor

    /// Makes a pipe.
    ///
    /// The corresponding C function is `pipe2` with `O_CLOEXEC`.
    package init() throws(Errno) {
        var ends: (Int32, Int32) = (-1, -1)
        _ = try call { unsafe clinux_pipe(&ends.0, &ends.1) }
        readEnd = FileDescriptor(owning: ends.0)
        writeEnd = FileDescriptor(owning: ends.1)
    }

    /// Closes the end for writing and leaves the other, which then ends when every other writer is gone.
    package consuming func keepingReadEnd() -> FileDescriptor {
        readEnd
    }
}
