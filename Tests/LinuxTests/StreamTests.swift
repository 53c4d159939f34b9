// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("Streams")
struct StreamTests {
    @Test("a text that needs several writes arrives whole")
    func shortWrites() async throws {
        let pipe = try Pipe()
        // Non-blocking, as another program may have left a terminal that it shares.
        _ = fcntl(pipe.writeEnd.number, F_SETFL, O_NONBLOCK)
        let number = pipe.writeEnd.number
        let whole = String(repeating: "0123456789", count: 30_000)
        let writer = Thread { try? writeWhole(whole, to: number) }
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 10_000)
        while received.count < whole.utf8.count {
            let count = read(pipe.readEnd.number, &chunk, chunk.count)
            guard count > 0 else { break }
            received += chunk[..<count]
        }
        writer.join()
        #expect(text(received) == whole)
    }

    @Test("a pipe that nobody reads is an error, not the end of the process")
    func brokenPipe() async {
        await #expect(processExitsWith: .exitCode(32)) {
            let status = refusal(of: writeToBrokenPipe)
            // The signal must not arrive later either, when it is no longer held back.
            CurrentProcess.pause(for: .milliseconds(10))
            exit(status)
        }
    }

    @Test("a disk that is full is told")
    func fullDisk() async {
        await #expect(processExitsWith: .exitCode(28)) {
            exit(refusal(of: writeToFullDisk))
        }
    }

    @Test("output and errors go to their streams")
    func streams() async {
        let result = await #expect(
            processExitsWith: .success, observing: [\.standardOutputContent, \.standardErrorContent]
        ) {
            try StandardOutput.write("to output\n")
            try StandardError.write("to error\n")
        }
        #expect(result.map { text($0.standardOutputContent).contains("to output\n") } == true)
        #expect(result.map { text($0.standardErrorContent).contains("to error\n") } == true)
    }

    @Test("a stream that was closed does not become the next file that is opened")
    func closedStreams() async {
        await #expect(processExitsWith: .exitCode(9)) {
            // Another thread could open a file just then.
            alone { _exit(refusal(of: writeToClosedOutput)) }
        }
    }

    @Test("a pipe is no terminal and has no columns; a terminal has those it was given")
    func terminal() throws {
        let pipe = try Pipe()
        #expect(!Terminal.isTerminal(pipe.writeEnd.number))
        #expect(Terminal.columns(of: pipe.writeEnd.number) == nil)

        let terminal = try FileDescriptor.open("/dev/ptmx", .readingAndWriting)
        #expect(Terminal.isTerminal(terminal.number))
        #expect(Terminal.columns(of: terminal.number) == nil, "a new one does not know its size")
        var size = winsize(ws_row: 24, ws_col: 97, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(terminal.number, UInt(TIOCSWINSZ), &size)
        #expect(Terminal.columns(of: terminal.number) == 97)
    }
}

/// The number of the error that a piece of code ends in, or 0.
private func refusal(of body: () throws(Errno) -> Void) -> Int32 {
    do throws(Errno) {
        try body()
        return 0
    } catch {
        return error.rawValue
    }
}

private func writeToBrokenPipe() throws(Errno) {
    let pipe = try Pipe()
    let writer = dup(pipe.writeEnd.number)
    _ = pipe.keepingReadEnd()
    try writeWhole("x", to: writer)
}

private func writeToFullDisk() throws(Errno) {
    let full = try FileDescriptor.open("/dev/full", .writing)
    dup2(full.number, STDOUT_FILENO)
    try StandardOutput.write("x")
}

private func writeToClosedOutput() throws(Errno) {
    for number in STDIN_FILENO...STDERR_FILENO { close(number) }
    try StandardStreams.occupy()
    let file = try FileDescriptor.open("/dev/null", .writing)
    if file.number <= STDERR_FILENO { throw .fileExists }
    try StandardOutput.write("x")
}
