// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("Replacing a file of our own")
struct ReplacingTests {
    @Test("the new contents take the place of the old in another file, with the given permissions")
    func replacing() throws {
        let directory = try TemporaryDirectory()
        directory.file("ledger", holding: "old")
        let old = try directory.descriptor.open(beneath: "ledger", for: .reading)
        try directory.descriptor.replaceFile("ledger", with: "new", permissions: 0o640)
        let new = try directory.descriptor.open(beneath: "ledger", for: .reading)
        #expect(text(try new.readAll()) == "new")
        #expect(text(try old.readAll()) == "old")
        #expect(try new.status().permissions == 0o640)
        #expect(try new.status().inode != old.status().inode)
        try directory.descriptor.replaceFile("first", with: "")
        #expect(try Set(directory.descriptor.entries().map(\.name)) == ["ledger", "first"])
    }

    @Test("a file of somebody else keeps its owner and its permissions, whatever the umask")
    func resembling() throws {
        let directory = try TemporaryDirectory()
        directory.file("daemon.json", holding: "{}")
        let path = directory.path + "/daemon.json"
        chmod(path, 0o662)
        if geteuid() == 0 { chown(path, 12, 34) }
        let old = try FileDescriptor.open(path, .reading).status()
        try directory.descriptor.replaceFile("daemon.json", with: "{ }", like: old)
        let new = try FileDescriptor.open(path, .reading).status()
        #expect(new.permissions == 0o662)
        #expect((new.owner, new.group) == (old.owner, old.group))
        #expect(new.inode != old.inode)
    }

    @Test("what a crash left is not in the way, and a link that was put there is not followed")
    func leftovers() throws {
        let directory = try TemporaryDirectory()
        directory.file("victim", holding: "untouched")
        directory.link(".new-ledger", to: "victim")
        directory.link("ledger", to: "victim")
        try directory.descriptor.replaceFile("ledger", with: "new")
        #expect(text(try directory.descriptor.open(beneath: "victim", for: .reading).readAll()) == "untouched")
        let ledger = try directory.descriptor.open(
            beneath: "ledger", for: .reading, resolving: [.beneath, .noSymbolicLinks])
        #expect(text(try ledger.readAll()) == "new")
        #expect(try Set(directory.descriptor.entries().map(\.name)) == ["ledger", "victim"])
    }

    @Test("a failure leaves the file as it was, and nothing beside it")
    func failure() throws {
        let directory = try TemporaryDirectory()
        try directory.descriptor.makeDirectory("ledger")
        #expect(throws: Errno.isDirectory) { try directory.descriptor.replaceFile("ledger", with: "new") }
        #expect(try directory.descriptor.entries().map(\.name) == ["ledger"])
        for name in ["a/b", "../a", "/a"] {
            #expect(throws: Errno.crossDevice) { try directory.descriptor.replaceFile(name, with: "") }
            #expect(throws: Errno.crossDevice) { try directory.descriptor.rename("ledger", to: name) }
            #expect(throws: Errno.crossDevice) { try directory.descriptor.rename(name, to: "ledger") }
        }
        #expect(throws: Errno.invalidArgument) { try directory.descriptor.replaceFile("a\0b", with: "") }
        #expect(throws: Errno.noSuchFileOrDirectory) { try directory.descriptor.rename("none", to: "other") }
    }

    @Test("who reads meanwhile finds all of the old or all of the new")
    func readers() throws {
        let directory = try TemporaryDirectory()
        try directory.descriptor.replaceFile("ledger", with: String(repeating: "0", count: 10_000))
        let path = directory.path
        let writer = Thread {
            guard let directory = try? FileDescriptor.openDirectory(path) else { return }
            for round in 1...200 {
                try? directory.replaceFile("ledger", with: String(repeating: "\(round % 10)", count: 10_000))
            }
        }
        var rounds: Set<UInt8> = []
        for _ in 0..<500 {
            let bytes = try directory.descriptor.open(beneath: "ledger", for: .reading).readAll()
            #expect(bytes.count == 10_000)
            #expect(Set(bytes).count == 1)
            rounds.formUnion(bytes.prefix(1))
        }
        writer.join()
        #expect(rounds.count > 1)
    }
}

@Suite("Files of our own beneath a directory")
struct CreationTests {
    @Test("a file is created with its permissions, and an existing one only opened", arguments: [false, true])
    func creating(lexically: Bool) throws {
        let directory = try TemporaryDirectory()
        func open(_ options: FileDescriptor.Options, _ name: String = "file") throws(Errno) -> FileDescriptor {
            if !lexically {
                return try directory.descriptor.open(
                    beneath: name, for: .readingAndWriting, options: options, permissions: 0o640)
            }
            return try directory.descriptor.openLexically(
                name, .readingAndWriting, [], options: options, permissions: 0o640)
        }
        #expect(throws: Errno.noSuchFileOrDirectory) { _ = try open(.noFollow) }
        let created = try open(.create)
        #expect(try created.status().permissions == 0o640)
        try created.write("x")
        #expect(text(try open([.create, .noFollow]).readAll()) == "x")
        #expect(throws: Errno.fileExists) { _ = try open(.createNew) }
        directory.link("link", to: "file")
        #expect(throws: Errno.tooManySymbolicLinks) { _ = try open([.create, .noFollow], "link") }
        #expect(throws: Errno.crossDevice) { _ = try open(.create, "../file") }
    }
}
