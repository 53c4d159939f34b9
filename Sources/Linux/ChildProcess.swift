// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Another program, run to its end while this one waits.
package enum ChildProcess {
    /// Where programs are looked for; what the user's `PATH` says does not matter.
    package static let searchPath = ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]

    /// What programs find in their environment: the same search path, and messages in English.
    package static let environment = ["PATH=" + searchPath.joined(separator: ":"), "LC_ALL=C"]

    /// Runs a program with an empty input, and keeps what it prints.
    ///
    /// Waits until the program and all that still hold its output are gone. What it prints beyond the limit is read and
    /// dropped, so that it never has to wait.
    ///
    /// - Parameters:
    ///   - arguments: The program and its arguments; a program without `/` is looked for along ``searchPath``.
    ///   - environment: Its whole environment, as `NAME=value`.
    ///   - outputLimit: The most bytes to keep of its output, and of its error output.
    /// - Returns: How it ended and what it printed.
    /// - Throws: ``Errno/noSuchFileOrDirectory`` if there is no such program, else why it could not be started.
    package static func run(
        _ arguments: [String], environment: [String] = environment, outputLimit: Int = 1 << 20
    ) throws(Errno) -> Outcome {
        let output = try Pipe()
        let errors = try Pipe()
        let child = try spawn(
            arguments, environment, output: output.writeEnd.number, errors: errors.writeEnd.number)
        let captured = capture(output.keepingReadEnd(), errors.keepingReadEnd(), limit: outputLimit)
        let ending = try wait(for: child)
        let (text, errorText) = try captured.get()
        return Outcome(ending: ending, output: text, errorOutput: errorText)
    }
}

extension ChildProcess {
    /// How a program ended.
    package enum Ending: Hashable, Sendable {
        /// By itself, with this status: 0 for success.
        case exited(status: Int32)
        /// By a signal with this number.
        case killed(signal: Int32)
    }

    /// What came of a program.
    package struct Outcome: Hashable, Sendable {
        /// How it ended.
        package let ending: Ending
        /// What it printed.
        package let output: Capture
        /// What it printed as errors.
        package let errorOutput: Capture

        /// Whether it ended by itself with status 0.
        package var isSuccess: Bool { ending == .exited(status: 0) }
    }

    /// What a program printed on one stream.
    package struct Capture: Hashable, Sendable {
        /// The bytes, up to the limit.
        package var bytes: [UInt8] = []
        /// Whether more than the limit was printed.
        package var isTruncated = false

        /// The bytes as text; those that are no UTF-8 are replaced.
        package var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// Starts a program, from the first directory of the search path that has it, and returns its number.
    ///
    /// The corresponding C function is `posix_spawn`: it does not copy the address space, as `fork` would.
    static func spawn(
        _ arguments: [String], _ environment: [String], output: Int32, errors: Int32
    ) throws(Errno) -> Int32 {
        guard let program = arguments.first, !program.isEmpty else { throw .noSuchFileOrDirectory }
        let candidates = program.contains("/") ? [program] : searchPath.map { $0 + "/" + program }
        let arguments = try CStrings(arguments)
        let environment = try CStrings(environment)
        var refusal = Errno.noSuchFileOrDirectory
        for path in candidates {
            do throws(Errno) {
                return try start(path, arguments, environment, output: output, errors: errors)
            } catch .noSuchFileOrDirectory, .notDirectory {
                continue
            } catch .permissionDenied {
                refusal = .permissionDenied
            }
        }
        throw refusal
    }

    private static func start(
        _ path: String, _ arguments: borrowing CStrings, _ environment: borrowing CStrings, output: Int32, errors: Int32
    ) throws(Errno) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        _ = try call { unsafe -posix_spawn_file_actions_init(&actions) }
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        _ = try call { unsafe -posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) }
        _ = try call { unsafe -posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
        _ = try call { unsafe -posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO) }

        var attributes = posix_spawnattr_t()
        _ = try call { unsafe -posix_spawnattr_init(&attributes) }
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        try resetSignals(&attributes)

        var child: Int32 = 0
        _ = try call {
            unsafe -posix_spawn(&child, path, &actions, &attributes, arguments.addresses, environment.addresses)
        }
        return child
    }

    /// Has the program start with no signal blocked or ignored, whatever this process does with them.
    private static func resetSignals(_ attributes: inout posix_spawnattr_t) throws(Errno) {
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        _ = try call { unsafe -posix_spawnattr_setsigmask(&attributes, &none) }
        _ = try call { unsafe -posix_spawnattr_setsigdefault(&attributes, &all) }
        let flags = Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF)
        _ = try call { unsafe -posix_spawnattr_setflags(&attributes, flags) }
    }

    /// Waits until a child has ended.
    ///
    /// The corresponding C function is `waitpid`.
    static func wait(for child: Int32) throws(Errno) -> Ending {
        var status: Int32 = -1
        var signal: Int32 = 0
        _ = try call { unsafe clinux_wait(child, &status, &signal) }
        return signal == 0 ? .exited(status: status) : .killed(signal: signal)
    }

    /// Reads two streams to their ends, whichever has something first; both are closed afterwards, even on an error.
    ///
    /// The corresponding C functions are `poll` and `read`.
    static func capture(
        _ output: consuming FileDescriptor, _ errors: consuming FileDescriptor, limit: Int
    ) -> Result<(Capture, Capture), Errno> {
        let numbers = [output.number, errors.number]
        let captures = Result { () throws(Errno) in try drain(numbers, limit: limit) }
        return captures.map { ($0[0], $0[1]) }
    }

    private static func drain(_ numbers: [Int32], limit: Int) throws(Errno) -> [Capture] {
        var captures = numbers.map { _ in Capture() }
        var streams = numbers.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while streams.contains(where: { $0.fd >= 0 }) {
            _ = try call { unsafe libc(poll(&streams, nfds_t(streams.count), -1)) }
            for index in streams.indices where streams[index].revents != 0 {
                let count = try call { unsafe libc(read(streams[index].fd, &chunk, chunk.count)) }
                // A negative number makes poll(2) pass over the stream from here on.
                if count == 0 { streams[index].fd = -1 }
                captures[index].append(chunk[..<count], limit: limit)
            }
        }
        return captures
    }
}

extension ChildProcess.Capture {
    fileprivate mutating func append(_ chunk: ArraySlice<UInt8>, limit: Int) {
        let room = limit - bytes.count
        bytes.append(contentsOf: chunk.prefix(room))
        if chunk.count > room { isTruncated = true }
    }
}

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
