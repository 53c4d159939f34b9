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

/// Where results go.
package enum StandardOutput {
    /// Writes a text as a whole.
    ///
    /// - Parameter text: The text, as it is.
    /// - Throws: ``Errno/brokenPipe`` if nobody reads any more (and no signal is raised), ``Errno/noSpace`` if a disk
    ///   is full, else the reason of the refusal.
    ///
    /// The corresponding C function is `write`.
    package static func write(_ text: String) throws(Errno) {
        try writeWhole(text, to: STDOUT_FILENO)
    }
}

/// Where messages go.
package enum StandardError {
    /// Writes a text as a whole.
    ///
    /// - Parameter text: The text, as it is.
    /// - Throws: As ``StandardOutput/write(_:)`` does.
    ///
    /// The corresponding C function is `write`.
    package static func write(_ text: String) throws(Errno) {
        try writeWhole(text, to: STDERR_FILENO)
    }
}

/// Writes all of a text to a stream, in as many calls as that takes.
func writeWhole(_ text: String, to number: Int32) throws(Errno) {
    let bytes = text.utf8.span
    var written = 0
    while written < bytes.count {
        do throws(Errno) {
            written += try withoutBrokenPipeSignal { () throws(Errno) in
                try writeOnce(bytes.extracting(written...), to: number)
            }
        } catch .wouldBlock {
            // Whoever gave us the stream may have made it non-blocking for all who share it.
            var stream = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
            _ = try call { unsafe libc(poll(&stream, 1, -1)) }
        }
    }
}

/// Does a write with the signal held back that a broken pipe raises, and takes that signal away.
///
/// To ignore the signal for the whole process would be inherited by a program that takes its place.
private func withoutBrokenPipeSignal<Value>(_ body: () throws(Errno) -> Value) throws(Errno) -> Value {
    var held = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&held)
    unsafe sigaddset(&held, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &held, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    do throws(Errno) {
        return try body()
    } catch .brokenPipe {
        var now = timespec()
        unsafe sigtimedwait(&held, nil, &now)
        throw .brokenPipe
    }
}

/// The terminal that a stream may lead to.
package enum Terminal {
    /// Whether a descriptor leads to a terminal: 0 is the input, 1 the output, 2 the error output.
    ///
    /// The corresponding C function is `isatty`.
    package static func isTerminal(_ number: Int32) -> Bool {
        isatty(number) == 1
    }

    /// How many characters fit in a line of the terminal that a descriptor leads to; nil when there is none, or when it
    /// does not say.
    ///
    /// The corresponding C function is `ioctl` with `TIOCGWINSZ`.
    package static func columns(of number: Int32) -> Int? {
        var size = winsize()
        guard unsafe ioctl(number, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
