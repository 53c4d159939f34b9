// SPDX-License-Identifier: Apache-2.0

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
}
