// SPDX-License-Identifier: Apache-2.0

import Glibc
import HookSeccompProgram
import Testing

@testable import Linux

@Suite("The deadline of a process")
struct OwnDeadlineTests {
    @Test("a process that hangs in a loop ends in time, with its line and its status")
    func loop() async {
        let clock = ContinuousClock()
        let start = clock.now
        let result = await #expect(processExitsWith: .exitCode(42), observing: [\.standardErrorContent]) {
            try OwnDeadline.set(milliseconds: 100, line: "hook: took longer than 100 ms\n", status: 42)
            while true {}
        }
        #expect(result.map { text($0.standardErrorContent) } == "hook: took longer than 100 ms\n")
        #expect(clock.now - start >= .milliseconds(100))
    }

    @Test("a process that hangs in a system call ends too, also when the signal was held back and ignored")
    func systemCall() async {
        let result = await #expect(processExitsWith: .exitCode(7), observing: [\.standardErrorContent]) {
            Glibc.signal(SIGALRM, SIG_IGN)
            var alarm = sigset_t()
            sigemptyset(&alarm)
            sigaddset(&alarm, SIGALRM)
            pthread_sigmask(SIG_BLOCK, &alarm, nil)
            let pipe = try Pipe()
            try OwnDeadline.set(milliseconds: 50, line: "é\n", status: 7)
            _ = try pipe.readEnd.readAll()
        }
        #expect(result.map { text($0.standardErrorContent) } == "é\n")
    }

    @Test("it holds under the filter of the hook")
    func filtered() async {
        let result = await #expect(processExitsWith: .exitCode(9), observing: [\.standardErrorContent]) {
            alone {
                try OwnDeadline.set(milliseconds: 200, line: "late\n", status: 9)
                try SeccompProgram.hook().install()
                CurrentProcess.pause(for: .seconds(60))
            }
        }
        #expect(result.map { text($0.standardErrorContent) } == "late\n")
    }

    @Test("a reader that does not read is not waited for, and one that is gone does not change the status")
    func stuckReader() async {
        await #expect(processExitsWith: .exitCode(9)) {
            let pipe = try Pipe()
            let flags = fcntl(pipe.writeEnd.number, F_GETFL)
            _ = fcntl(pipe.writeEnd.number, F_SETFL, flags | O_NONBLOCK)
            let page = [UInt8](repeating: 0, count: 4096)
            while write(pipe.writeEnd.number, page, page.count) > 0 {}
            _ = fcntl(pipe.writeEnd.number, F_SETFL, flags)
            dup2(pipe.writeEnd.number, STDERR_FILENO)
            try OwnDeadline.set(milliseconds: 50, line: "late\n", status: 9)
            CurrentProcess.pause(for: .seconds(60))
            // Keeps the reader.
            _ = pipe.readEnd.number
        }
        await #expect(processExitsWith: .exitCode(9)) {
            let writer: Int32
            do {
                let pipe = try Pipe()
                writer = dup(pipe.writeEnd.number)
            }
            dup2(writer, STDERR_FILENO)
            try OwnDeadline.set(milliseconds: 50, line: "late\n", status: 9)
            CurrentProcess.pause(for: .seconds(60))
        }
    }

    @Test("a deadline may be longer than a second")
    func seconds() async {
        let start = ContinuousClock.now
        await #expect(processExitsWith: .exitCode(4)) {
            try OwnDeadline.set(milliseconds: 1100, line: "", status: 4)
            CurrentProcess.pause(for: .seconds(60))
        }
        #expect(ContinuousClock.now - start >= .milliseconds(1100))
    }

    @Test("a line that is too long is cut")
    func longLine() async {
        let result = await #expect(processExitsWith: .exitCode(1), observing: [\.standardErrorContent]) {
            try OwnDeadline.set(milliseconds: 50, line: String(repeating: "x", count: 1000), status: 1)
            while true {}
        }
        #expect(result.map { text($0.standardErrorContent) } == String(repeating: "x", count: OwnDeadline.lineLimit))
    }

    @Test("a later deadline takes the place of an earlier one")
    func replaced() async {
        await #expect(processExitsWith: .exitCode(3)) {
            try OwnDeadline.set(milliseconds: 50, line: "first\n", status: 2)
            try OwnDeadline.set(milliseconds: 300, line: "second\n", status: 3)
            while true {}
        }
    }

    @Test("no time at all is refused", arguments: [0, -1, Int.min])
    func noTime(milliseconds: Int) {
        #expect(throws: Errno.invalidArgument) { try OwnDeadline.set(milliseconds: milliseconds, line: "", status: 1) }
    }
}
