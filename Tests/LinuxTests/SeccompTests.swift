// SPDX-License-Identifier: Apache-2.0

import Glibc
import HookSeccompProgram
import Libseccomp
import Testing

@testable import Linux

@Suite("Filters of system calls")
struct SeccompTests {
    private typealias Filter = SeccompFilter

    @Test("a program decides about each call as its rules say, and about all others alike")
    func decisions() throws {
        let filter = Filter(
            [
                .init("read"), .init("write", .log), .init("execve", .killProcess), .init("close", .fail(.busy)),
                .init("socket", where: .argument(0, is: 1), .argument(1, lacks: 2)),
            ], otherwise: .fail(.notPermitted))
        let program = try filter.program(for: .x86_64)
        func decision(_ number: Int32, _ arguments: UInt64...) -> SeccompDecision? {
            program.decision(number, arguments, architecture: .x86_64)
        }
        #expect(decision(0) == .allow)
        #expect(decision(1) == .log)
        #expect(decision(59) == .killProcess)
        #expect(decision(3) == .fail(.busy))
        #expect(decision(41, 1, 5) == .allow)
        #expect(decision(41, 1, 2) == .fail(.notPermitted))
        #expect(decision(41, 2, 1) == .fail(.notPermitted))
        #expect(decision(200) == .fail(.notPermitted))
        #expect(program.decision(0, [], architecture: .aarch64) == .killProcess)
    }

    @Test("each architecture has its own numbers, and calls that it lacks are passed over")
    func architectures() throws {
        let filter = Filter([.init("read"), .init("rename")], otherwise: .killProcess)
        let program = try filter.program(for: .aarch64)
        #expect(program.decision(63, [], architecture: .aarch64) == .allow)
        #expect(program.decision(0, [], architecture: .aarch64) == .killProcess)
        #expect(try filter.program(for: .x86_64).decision(82, [], architecture: .x86_64) == .allow)
    }

    @Test("a name that no call has, and a rule that changes nothing, are refused")
    func refusals() {
        #expect(throws: Errno.functionNotImplemented) {
            _ = try Filter([.init("no_such_call")], otherwise: .killProcess).program()
        }
        #expect(throws: Errno.invalidArgument) {
            _ = try Filter([.init("read\0")], otherwise: .killProcess).program()
        }
        #expect(throws: Errno.permissionDenied) { _ = try Filter([.init("read")], otherwise: .allow).program() }
    }

    @Test("the kernel refuses a program that is none, and the process goes on unfiltered")
    func noProgram() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                for instructions in [[], [0xffff], [UInt64](repeating: 0, count: 4097)] {
                    expect(
                        refusal { () throws(Errno) in try SeccompProgram(instructions: instructions).install() }
                            == .invalidArgument)
                }
                expect(try status("Seccomp") == "0")
            }
        }
    }

    @Test("a call that kills ends the process, as a signal would")
    func killing() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            alone {
                try Filter([.init("getppid", .killProcess)], otherwise: .allow).program().install()
                _ = getppid()
            }
        }
    }

    @Test("a call that fails has the reason of the rule, and no effect")
    func failing() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                try Filter([.init("chdir", .fail(.busy))], otherwise: .allow).program().install()
                expect(chdir("/proc") == -1 && errno == EBUSY)
                expect(access("self/status", F_OK) == -1)
            }
        }
    }

    @Test("a call that is only logged is made")
    func logging() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                try Filter([.init("chdir", .log)], otherwise: .allow).program().install()
                expect(chdir("/proc") == 0)
            }
        }
    }

    @Test("threads that run already are filtered too, and no right can be gained any more")
    func threads() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                let pipe = try Pipe()
                let number = pipe.readEnd.number
                let result = Box<Int32>()
                let thread = Thread {
                    var byte: UInt8 = 0
                    _ = read(number, &byte, 1)
                    result.value = chdir("/") == -1 ? errno : 0
                }
                try Filter([.init("chdir", .fail(.busy))], otherwise: .allow).program().install()
                try pipe.writeEnd.write("x")
                thread.join()
                expect(result.value == EBUSY)
                expect(try status("NoNewPrivs") == "1")
                expect(try status("Seccomp") == "2")
            }
        }
    }
}

@Suite("The filter of the hook")
struct HookFilterTests {
    @Test("files, tasks, limits and the log can be worked on")
    func allowed() async throws {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                let directory = try TemporaryDirectory()
                let processes = try FileDescriptor.openDirectory("/proc")
                try SeccompProgram.hook().install()
                expect(refusal { () throws(Errno) in try workOn(directory.descriptor, processes) } == nil)
            }
        }
    }

    @Test("a socket to another machine, code that is made up, and what is merely not listed, fail")
    func failing() async {
        await #expect(processExitsWith: .exitCode(0)) {
            alone {
                try SeccompProgram.hook().install()
                expect(socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) == -1 && errno == EPERM)
                let code = mmap(nil, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                expect(code == MAP_FAILED && errno == EPERM)
                expect(chmod("/tmp", 0o1777) == -1 && errno == EPERM)
            }
        }
    }

    @Test("another program kills", arguments: [["true"], ["/no/such/program"]])
    func program(arguments: [String]) async {
        await #expect(processExitsWith: .signal(SIGSYS)) { [arguments] in
            alone {
                try SeccompProgram.hook().install()
                _ = CurrentProcess.replace(with: arguments)
            }
        }
    }

    @Test("another process, a signal to one, and a mount kill")
    func killing() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            alone {
                try SeccompProgram.hook().install()
                var child: Int32 = 0
                _ = posix_spawn(&child, "/bin/true", nil, nil, [nil], nil)
            }
        }
        await #expect(processExitsWith: .signal(SIGSYS)) {
            alone {
                try SeccompProgram.hook().install()
                try CurrentProcess.signal(CurrentProcess.id, Signal(rawValue: 0))
            }
        }
        await #expect(processExitsWith: .signal(SIGSYS)) {
            alone {
                try SeccompProgram.hook().install()
                _ = mount("none", "/no/such/directory", "tmpfs", 0, nil)
            }
        }
    }
}

/// Does once what a hook does.
private func workOn(
    _ directory: borrowing FileDescriptor, _ processes: borrowing FileDescriptor
) throws(Errno) {
    let lock = try directory.open(beneath: "lock", for: .readingAndWriting, options: [.create, .noFollow])
    guard try lock.lock(exclusive: true, wait: false) else { throw .busy }
    try directory.replaceFile("ledger", with: String(repeating: "x", count: 1 << 20))
    guard try directory.open(beneath: "ledger", for: .reading).readAll().count == 1 << 20 else { throw .inputOutput }
    try directory.makeDirectory("group")
    try directory.removeDirectory("group")
    try directory.removeFile("ledger")
    try directory.removeFile("lock")
    guard try directory.entries().isEmpty else { throw .notEmpty }
    guard try !processes.open(beneath: "\(CurrentProcess.id)/stat", for: .reading).readAll().isEmpty else {
        throw .inputOutput
    }
    try Scheduling.of(0).set(of: 0)
    try Affinity.set(try Affinity.words(of: 0), of: 0)
    try ResourceLimit.of(.realTimePriority, process: 0).set(.realTimePriority, process: 0)
    CurrentProcess.pause(for: .milliseconds(1))
    _ = SystemLog(identifier: "test", journal: .abstract("nobody"), syslog: .abstract("nobody")).log("x", .debug)
    var names = utsname()
    if unsafe uname(&names) != 0 { throw Errno(rawValue: errno) }
    try StandardError.write("done\n")
}

/// The reason for which something fails, or nil.
private func refusal(_ body: () throws(Errno) -> Void) -> Errno? {
    do throws(Errno) {
        try body()
        return nil
    } catch {
        return error
    }
}

/// One line of the calling thread's `status`.
private func status(_ key: String) throws -> String? {
    text(try FileDescriptor.open("/proc/thread-self/status", .reading).readAll())
        .split(separator: "\n").first { $0.hasPrefix(key + ":") }
        .map { String($0.dropFirst(key.count + 1).drop { $0 == "\t" }) }
}
