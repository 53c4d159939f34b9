// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linux
import Testing

@Suite("Signals")
struct SignalTests {
    @Test("a signal that is held back is read, once, and ends nothing")
    func reading() async {
        await #expect(processExitsWith: .exitCode(0)) {
            letSignalsAct()
            let signals = try Signals([.terminate, .hangup])
            expect(try signals.next() == nil)
            // To this thread: other threads of this process do not hold it back.
            raise(SIGTERM)
            raise(SIGTERM)
            expect(try Poller.wait(for: [.init(signals.number)], timeout: .seconds(10)) == [signals.number])
            expect(try signals.next() == .terminate)
            expect(try signals.next() == nil)
            raise(SIGHUP)
            expect(try signals.next() == .hangup)
        }
    }

    @Test("a signal that is not among them ends the process as ever")
    func others() async {
        await #expect(processExitsWith: .signal(SIGHUP)) {
            letSignalsAct()
            let signals = try Signals([.terminate])
            raise(SIGHUP)
            if try signals.next() != nil { exit(1) }
        }
    }

    @Test("a program that is started meanwhile is ended by the signal")
    func children() async {
        await #expect(processExitsWith: .exitCode(0)) {
            let signals = try Signals([.terminate])
            let ending = try ChildProcess.run(["sh", "-c", "kill -TERM $$; sleep 10"]).ending
            expect(ending == .killed(signal: SIGTERM))
            expect(try signals.next() == nil)
        }
    }

    @Test("a signal that the kernel does not have is refused")
    func unknown() {
        #expect(throws: Errno.invalidArgument) { _ = try Signals([Signal(rawValue: 1000)]) }
    }

    @Test("another process is sent a signal", arguments: [Signal.terminate, .interrupt, .hangup])
    func sending(signal: Signal) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/number"
        mkfifo(path, 0o600)
        let ending = Box<ChildProcess.Ending>()
        let runner = Thread {
            ending.value = try? ChildProcess.run(["sh", "-c", "echo $$ >\(path); exec sleep 1000"]).ending
        }
        let number = try FileDescriptor.open(path, .reading).readAll()
        try CurrentProcess.signal(try #require(Int32(text(number).dropLast())), signal)
        runner.join()
        #expect(ending.value == .killed(signal: signal.rawValue))
    }

    @Test("numbers that mean many processes, and one that nobody has, are refused", arguments: [0, -1, -4711])
    func refusals(process: Int32) {
        #expect(throws: Errno.invalidArgument) { try CurrentProcess.signal(process, Signal(rawValue: 0)) }
        #expect(throws: Errno.noSuchProcess) { try CurrentProcess.signal(.max, Signal(rawValue: 0)) }
    }
}
