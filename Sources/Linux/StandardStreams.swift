// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The three descriptors that a program is given: input, output and error output.
package enum StandardStreams {
    /// Occupies those of the three that the caller left closed; a program calls this before it opens anything.
    ///
    /// Else a file that is opened later gets the number 1, and what is printed goes into it. Reading from an occupied
    /// input and writing to an occupied output still fails with ``Errno/badFileDescriptor``.
    ///
    /// - Throws: The reason for which `/dev/null` could not be opened.
    package static func occupy() throws(Errno) {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) == -1 {
            let unusable = number == STDIN_FILENO ? O_WRONLY : O_RDONLY
            // The lowest free number is the one that is closed; it stays open until the process ends.
            _ = try call { unsafe libc(open("/dev/null", unusable | O_CLOEXEC)) }
        }
    }
}
