// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("Rewriting a file of somebody else")
struct RewritingTests {
    @Test("the new contents take the place of the old, and the permissions stay, whatever the umask is")
    func rewriting() throws {
        let directory = try TemporaryDirectory()
        directory.file("config", holding: "old")
        chmod("\(directory.path)/config", 0o666)
        if geteuid() == 0 { chown("\(directory.path)/config", 1, 2) }
        let old = try directory.descriptor.open(beneath: "config", for: .reading)
        try directory.descriptor.rewriteFile("config", with: "new".utf8.span, as: old.status())
        let new = try directory.descriptor.open(beneath: "config", for: .reading)
        #expect(text(try new.readAll()) == "new")
        #expect(text(try old.readAll()) == "old")
        #expect(try new.status().permissions == 0o666)
        #expect(try (new.status().owner, new.status().group) == (old.status().owner, old.status().group))
        #expect(try directory.descriptor.entries().map(\.name) == ["config"])
    }

    @Test("a failure leaves the file as it was, and nothing beside it")
    func failure() throws {
        let directory = try TemporaryDirectory()
        directory.file("config", holding: "old")
        let status = try directory.descriptor.open(beneath: "config", for: .reading).status()
        try directory.descriptor.makeDirectory("taken")
        #expect(throws: Errno.isDirectory) {
            try directory.descriptor.rewriteFile("taken", with: "new".utf8.span, as: status)
        }
        #expect(throws: Errno.crossDevice) {
            try directory.descriptor.rewriteFile("../config", with: "new".utf8.span, as: status)
        }
        #expect(try Set(directory.descriptor.entries().map(\.name)) == ["config", "taken"])
    }
}

@Suite("The time of day")
struct WallClockTests {
    @Test(
        "times are written as RFC 3339 has them",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_868_799, "2000-02-29T23:59:59Z"), (1_769_904_000, "2026-02-01T00:00:00Z"),
        ])
    func text(seconds: Int, text: String) { #expect(WallClock.text(of: seconds) == text) }

    @Test("now is now")
    func now() {
        let before = WallClock.text(of: time(nil))
        let now = WallClock.text
        #expect(before <= now && now <= WallClock.text(of: time(nil)))
    }
}

@Suite("Handing over to another program")
struct HandoverTests {
    @Test("a program that does not exist, and one that may not run, are refused with the reason")
    func failures() {
        let name = CommandLine.arguments[0]
        #expect(CurrentProcess.handOver(to: "/no/such/program") == .noSuchFileOrDirectory)
        #expect(CurrentProcess.handOver(to: "/etc/passwd") == .permissionDenied)
        #expect(CurrentProcess.handOver(to: "a\0b") == .invalidArgument)
        #expect(CommandLine.arguments[0] == name)
    }

    @Test("the program takes the place of this one, and is called by its path")
    func replacement() async {
        // What true(1) is given does not matter to it.
        await #expect(processExitsWith: .exitCode(0)) {
            CurrentProcess.exit(CurrentProcess.handOver(to: "/bin/true").rawValue)
        }
    }

    @Test("this program knows where it is")
    func path() throws {
        let path = try CurrentProcess.programPath()
        #expect(try FileDescriptor.open(path, .reading).status().kind == .file)
    }
}
