// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linux
import Testing

@Suite("Waiting for descriptors")
struct PollerTests {
    @Test("those that have something are told, in the order of the question")
    func ready() throws {
        let first = try Pipe()
        let second = try Pipe()
        let third = try Pipe()
        let numbers = [third.readEnd.number, second.readEnd.number, first.readEnd.number]
        let sources = numbers.map { Poller.Source($0) }
        #expect(try Poller.wait(for: sources, timeout: .zero) == [])
        try first.writeEnd.write("x")
        #expect(try Poller.wait(for: sources) == [numbers[2]])
        try third.writeEnd.write("x")
        #expect(try Poller.wait(for: sources, timeout: .seconds(10)) == [numbers[0], numbers[2]])
        #expect(try Poller.wait(for: [.init(numbers[0], .priority)], timeout: .zero) == [])
    }

    @Test("the end of the other side is something")
    func end() throws {
        let end = try Pipe().keepingReadEnd()
        #expect(try Poller.wait(for: [.init(end.number)]) == [end.number])
    }

    @Test("something urgent is told apart from something to read")
    func priority() throws {
        // A terminal in packet mode: what is typed is readable, what is done to the terminal is urgent.
        let master = try FileDescriptor.open("/dev/ptmx", .readingAndWriting)
        var no: Int32 = 0
        var yes: Int32 = 1
        try #require(ioctl(master.number, 0x4004_5431, &no) == 0, "TIOCSPTLCK")
        let terminal = FileDescriptor(owning: ioctl(master.number, 0x5441, O_RDWR | O_NOCTTY))
        try #require(terminal.number >= 0, "TIOCGPTPEER")
        try #require(ioctl(master.number, UInt(TIOCPKT), &yes) == 0)
        let urgent = [Poller.Source(master.number, .priority)]
        try terminal.write("x")
        #expect(try Poller.wait(for: [.init(master.number)], timeout: .seconds(10)) == [master.number])
        #expect(try Poller.wait(for: urgent, timeout: .zero) == [])
        tcflush(terminal.number, TCIOFLUSH)
        #expect(try Poller.wait(for: urgent, timeout: .seconds(10)) == [master.number])
    }

    @Test("the time is waited for, and no longer, however often a signal interrupts")
    func time() async {
        await #expect(processExitsWith: .exitCode(0)) {
            letSignalsAct()
            Glibc.signal(SIGALRM) { _ in }
            let waiting = pthread_self()
            let end = try Pipe()
            let number = end.readEnd.number
            let interrupter = Thread {
                for _ in 0..<1000 {
                    if (try? Poller.wait(for: [.init(number)], timeout: .milliseconds(5))) != [] { return }
                    pthread_kill(waiting, SIGALRM)
                }
            }
            var ready: [Int32] = [0]
            let taken = try ContinuousClock().measure {
                ready = try Poller.wait(for: [], timeout: .microseconds(200_500))
            }
            try end.writeEnd.write("x")
            interrupter.join()
            if !ready.isEmpty || taken < .microseconds(200_500) || taken > .seconds(4) { exit(1) }
        }
    }

    @Test("a descriptor that is not open is refused", arguments: [-1, 1 << 20])
    func closed(number: Int32) {
        #expect(throws: Errno.badFileDescriptor) { _ = try Poller.wait(for: [.init(number)], timeout: .zero) }
    }
}
