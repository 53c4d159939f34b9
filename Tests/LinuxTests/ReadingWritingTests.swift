// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("Reading and writing")
struct ReadingWritingTests {
    @Test("a pseudo-file that claims to be empty is read to its end")
    func pseudoFile() throws {
        let file = try FileDescriptor.open("/proc/self/maps", .reading)
        #expect(try file.status().size == 0)
        #expect(try file.readAll().count > 4096)
    }

    @Test(
        "memory that is used again holds the last file and nothing of the one before", arguments: [0, 1, 4096, 70_000])
    func reuse(size: Int) throws {
        let directory = try TemporaryDirectory()
        directory.file("file", holding: String(repeating: "x", count: size))
        var bytes = [UInt8](repeating: 7, count: 10_000)
        try directory.descriptor.open(beneath: "file", for: .reading).readAll(into: &bytes)
        #expect(bytes == [UInt8](repeating: UInt8(ascii: "x"), count: size))
    }

    @Test("a file that is longer than the limit is refused, one that is as long is read")
    func limit() throws {
        let directory = try TemporaryDirectory()
        directory.file("file", holding: "12345")
        #expect(throws: Errno.fileTooLarge) {
            _ = try directory.descriptor.open(beneath: "file", for: .reading).readAll(limit: 4)
        }
        #expect(try directory.descriptor.open(beneath: "file", for: .reading).readAll(limit: 5).count == 5)
    }

    @Test("a value reaches the kernel in one write: a second one would replace the name that the first gave")
    func oneWrite() throws {
        let thread = try FileDescriptor.openDirectory("/proc/thread-self")
        let comm = try thread.open(beneath: "comm", for: .reading)
        let before = text(try comm.readAll())
        try thread.open(beneath: "comm", for: .writing).write("one-write-only")
        try comm.seek(to: 0)
        #expect(text(try comm.readAll()) == "one-write-only\n")
        try thread.open(beneath: "comm", for: .writing).write(before)
    }

    @Test("an empty value is written too: the kernel counts the call")
    func emptyValue() throws {
        let before = try writeCalls()
        try FileDescriptor.open("/dev/null", .writing).write("")
        #expect(try writeCalls() > before)
    }

    /// How many calls that write this thread has made.
    private func writeCalls() throws -> Int {
        let io = text(try FileDescriptor.open("/proc/thread-self/io", .reading).readAll())
        let line = try #require(io.split(separator: "\n").first { $0.hasPrefix("syscw: ") })
        return try #require(Int(line.dropFirst("syscw: ".count)))
    }

    @Test("a value of which the kernel takes only a part is an error")
    func shortWrite() throws {
        let directory = try TemporaryDirectory()
        mkfifo("\(directory.path)/pipe", 0o600)
        // Opened for both, so that neither end waits for the other. A pipe holds 65,536 bytes.
        let pipe = try FileDescriptor.open("\(directory.path)/pipe", .readingAndWriting, options: .nonBlocking)
        #expect(throws: Errno.inputOutput) { try pipe.write(String(repeating: "x", count: 100_000)) }
        #expect(throws: Errno.wouldBlock) { try pipe.write("x") }
    }

    @Test("a journal grows at its end, keeps to its owner, and can be cut")
    func journal() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/journal"
        let journal = try FileDescriptor.open(path, .readingAndWriting, options: [.create, .append, .noFollow])
        try journal.write("one\n")
        try FileDescriptor.open(path, .writing, options: .append).write("two\n")
        try journal.write("three\n")
        try journal.synchronizeContents()
        try journal.synchronize()
        try directory.descriptor.synchronize()
        #expect(text(try FileDescriptor.open(path, .reading).readAll()) == "one\ntwo\nthree\n")
        #expect(try journal.status().permissions == 0o600)
        try journal.truncate(to: 4)
        try journal.write("four\n")
        #expect(text(try FileDescriptor.open(path, .reading).readAll()) == "one\nfour\n")
    }

    @Test("a file of our own is created only where nothing has its name, and never through a link")
    func creation() throws {
        let directory = try TemporaryDirectory()
        directory.link("link", to: "elsewhere")
        #expect(throws: Errno.tooManySymbolicLinks) {
            _ = try FileDescriptor.open("\(directory.path)/link", .writing, options: [.create, .noFollow])
        }
        #expect(throws: Errno.fileExists) {
            _ = try FileDescriptor.open("\(directory.path)/link", .writing, options: .createNew)
        }
        #expect(try directory.descriptor.entries().map(\.name) == ["link"])
    }

    @Test("whatever opens a descriptor has it closed on exec")
    func closedOnExec() throws {
        let directory = try TemporaryDirectory()
        directory.file("file", holding: "")
        let beneath = try directory.descriptor.open(beneath: "file", for: .reading)
        let lexical = try directory.descriptor.openLexically("./file", .reading, .noSymbolicLinks)
        let created = try FileDescriptor.open("\(directory.path)/new", .writing, options: .createNew)
        let pipe = try Pipe()
        let numbers = [
            directory.descriptor.number, beneath.number, lexical.number, created.number, pipe.readEnd.number,
            pipe.writeEnd.number,
        ]
        for number in numbers { #expect(fcntl(number, F_GETFD) == FD_CLOEXEC) }
    }

    @Test("a descriptor is closed when its value ends")
    func lifetime() throws {
        let number: Int32
        do {
            let file = try FileDescriptor.open("/dev/zero", .reading)
            number = file.number
            #expect(try file.status().kind == .other)
        }
        // Another test may have been given the number since; this file it is not any more.
        let target = try ChildProcess.run(["readlink", "/proc/\(CurrentProcess.id)/fd/\(number)"]).output.text
        #expect(target != "/dev/zero\n")
    }
}
