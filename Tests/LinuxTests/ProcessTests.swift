// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("Which process it is")
struct ProcessTests {
    @Test("a process is known again by its number, its start and the boot")
    func same() throws {
        let processes = try FileDescriptor.openDirectory("/proc")
        try withSleeper { sleeper in
            let before = BootClock.ticks
            let process = try ProcessIdentity.of(sleeper, in: processes)
            #expect(process.number == sleeper)
            #expect(process.startTime <= before)
            #expect(process.startTime + 1000 > before)
            #expect(try process.isPresent(in: processes))
            let written = ProcessIdentity(number: sleeper, startTime: process.startTime, boot: process.boot)
            #expect(try written.isPresent(in: processes))
        }
    }

    @Test("a later process with the same number is another one, be it after a boot")
    func others() throws {
        let processes = try FileDescriptor.openDirectory("/proc")
        let process = try ProcessIdentity.of(CurrentProcess.id, in: processes)
        let earlier = ProcessIdentity(number: process.number, startTime: process.startTime - 1, boot: process.boot)
        #expect(try !earlier.isPresent(in: processes))
        let before = ProcessIdentity(number: process.number, startTime: process.startTime, boot: "another")
        #expect(try !before.isPresent(in: processes))
    }

    @Test("a number that nobody has is nobody's", arguments: [0, -1, Int32.max])
    func nobody(number: Int32) throws {
        let processes = try FileDescriptor.openDirectory("/proc")
        #expect(throws: Errno.noSuchProcess) { _ = try ProcessIdentity.of(number, in: processes) }
        let ended = ProcessIdentity(number: try endedProcess(), startTime: 1, boot: "")
        #expect(try !ended.isPresent(in: processes))
    }

    @Test("the boot has the name that /proc tells, without the end of the line")
    func boot() throws {
        let processes = try FileDescriptor.openDirectory("/proc")
        let whole = text(try FileDescriptor.open("/proc/sys/kernel/random/boot_id", .reading).readAll())
        #expect(try ProcessIdentity.boot(in: processes) + "\n" == whole)
    }

    @Test("a name with parentheses and spaces does not shift the start, and a text without fields has none")
    func parsing() {
        let fields = (3...52).map(String.init).joined(separator: " ")
        for name in ["sh", "a b", ")", ") R 1 (", "(("] {
            #expect(ProcessIdentity.startTime(in: Array("7 (\(name)) \(fields)\n".utf8)) == 22)
        }
        for stat in ["", "7", "7 (sh)", "7 (sh) R 1 2 3", "7 (sh) " + String(repeating: "x ", count: 50)] {
            #expect(ProcessIdentity.startTime(in: Array(stat.utf8)) == nil)
        }
    }

    @Test("a handle tells when its process has ended")
    func handle() throws {
        try withSleeper { sleeper in
            let handle = try ProcessHandle(sleeper)
            #expect(try !handle.hasEnded())
            #expect(fcntl(handle.number, F_GETFD) == FD_CLOEXEC)
            try CurrentProcess.signal(sleeper, .terminate)
            #expect(try Poller.wait(for: [.init(handle.number)], timeout: .seconds(30)) == [handle.number])
            #expect(try handle.hasEnded())
        }
    }

    @Test("there is no handle of a process that does not exist")
    func noHandle() throws {
        let number = try endedProcess()
        #expect(throws: Errno.noSuchProcess) { _ = try ProcessHandle(number) }
        #expect(throws: Errno.invalidArgument) { _ = try ProcessHandle(-1) }
    }
}

@Suite("Hardening this process")
struct HardeningTests {
    @Test("a program that is started cannot gain rights")
    func newPrivileges() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                try CurrentProcess.forbidNewPrivileges()
                let status = try ChildProcess.run(["grep", "NoNewPrivs", "/proc/self/status"]).output.text
                expect(status == "NoNewPrivs:\t1\n")
            }
        }
    }

    @Test("no memory image is left, and /proc shows nothing to others of the same user")
    func dumps() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                // Root without rights is a user like any other. Whoever runs the tests may have forbidden it before.
                try CapabilitySets.keep(only: [])
                let prctl = dlsym(nil, "prctl").map {
                    unsafeBitCast($0, to: (@convention(c) (Int32, UInt) -> Int32).self)
                }
                expect(prctl?(4, 1) == 0)
                let look = ["cat", "/proc/\(CurrentProcess.id)/environ"]
                expect(try ChildProcess.run(look).isSuccess)
                try CurrentProcess.forbidDumps()
                expect(try !ChildProcess.run(look).isSuccess)
            }
        }
    }
}
