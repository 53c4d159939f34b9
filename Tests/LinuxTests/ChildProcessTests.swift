// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linux
import Testing

@Suite("Other programs")
struct ChildProcessTests {
    @Test("a program's output, errors and status come back apart")
    func outcome() throws {
        let outcome = try ChildProcess.run(["sh", "-c", "echo out; echo err >&2; exit 3"])
        #expect(outcome.output.text == "out\n")
        #expect(outcome.errorOutput.text == "err\n")
        #expect(outcome.ending == .exited(status: 3))
        #expect(!outcome.isSuccess)
        #expect(try ChildProcess.run(["true"]).isSuccess)
    }

    @Test("a program that a signal ended is told from one that ended by itself")
    func killed() throws {
        #expect(try ChildProcess.run(["sh", "-c", "kill -9 $$"]).ending == .killed(signal: 9))
    }

    @Test("arguments arrive as they are, and the input is empty")
    func arguments() throws {
        let arguments = ["printf", "[%s]", "a b", "", "$HOME", "*", "é\n"]
        #expect(try ChildProcess.run(arguments).output.text == "[a b][][$HOME][*][é\n]")
        #expect(try ChildProcess.run(["cat"]).output.bytes.isEmpty)
    }

    @Test("the environment is the given one and no other")
    func environment() throws {
        #expect(try ChildProcess.run(["env"], environment: ["A=1", "B="]).output.text == "A=1\nB=\n")
        #expect(
            try ChildProcess.run(["sh", "-c", "echo $LC_ALL $PATH $HOME"]).output.text
                == "C /usr/bin:/bin:/usr/sbin:/sbin\n")
    }

    @Test("more output than a pipe holds is read from both streams, and cut at the limit")
    func manyBytes() throws {
        let script = "yes out | head -c 300000; yes err | head -c 300000 >&2"
        let whole = try ChildProcess.run(["sh", "-c", script])
        #expect(whole.output.bytes.count == 300_000)
        #expect(whole.errorOutput.bytes.count == 300_000)
        #expect(!whole.output.isTruncated)
        let cut = try ChildProcess.run(["sh", "-c", script], outputLimit: 1001)
        #expect(cut.isSuccess)
        #expect(cut.output.text == String(repeating: "out\n", count: 250) + "o")
        #expect(cut.output.isTruncated)
        #expect(cut.errorOutput.isTruncated)
    }

    @Test("a signal that this process ignores ends the program all the same")
    func ignoredSignal() async {
        await #expect(processExitsWith: .exitCode(13)) {
            _ = Glibc.signal(SIGPIPE, SIG_IGN)
            let ending = try ChildProcess.run(["sh", "-c", "kill -PIPE $$; sleep 1"]).ending
            if case .killed(let signal) = ending { exit(signal) }
        }
    }

    @Test("no descriptor of ours reaches the program")
    func descriptors() throws {
        let directory = try TemporaryDirectory()
        let listing = try ChildProcess.run(["ls", "-l", "/proc/self/fd"]).output.text
        #expect(!listing.contains(directory.path))
    }

    @Test("a program that does not exist, and one that may not run, are refused with the reason")
    func refusals() throws {
        let directory = try TemporaryDirectory()
        directory.file("plain", holding: "")
        #expect(throws: Errno.noSuchFileOrDirectory) { _ = try ChildProcess.run(["no-such-program"]) }
        #expect(throws: Errno.noSuchFileOrDirectory) { _ = try ChildProcess.run([]) }
        #expect(throws: Errno.permissionDenied) { _ = try ChildProcess.run(["\(directory.path)/plain"]) }
    }
}

@Suite("Becoming another program")
struct ReplacementTests {
    @Test("the program takes the place of this one, with the same number, and its status is the end")
    func replacement() async {
        await #expect(processExitsWith: .exitCode(7)) {
            CurrentProcess.exit(
                CurrentProcess.replace(with: ["sh", "-c", "test $$ = \(CurrentProcess.id) && exit 7"]).rawValue)
        }
    }

    @Test("a failure says whether there is no such program or it may not run")
    func failures() {
        #expect(CurrentProcess.replace(with: ["no-such-program"]) == .noSuchFileOrDirectory)
        #expect(CurrentProcess.replace(with: []) == .noSuchFileOrDirectory)
        #expect(CurrentProcess.replace(with: ["/etc/passwd"]) == .permissionDenied)
        #expect(CurrentProcess.replace(with: ["a\0b"]) == .invalidArgument)
    }
}
