// SPDX-License-Identifier: Apache-2.0

import Glibc

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
