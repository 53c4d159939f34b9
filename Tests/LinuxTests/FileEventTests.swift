// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("Changes to files")
struct FileEventTests {
    @Test("entries that come and go are told by name, directories as such")
    func entries() throws {
        let directory = try TemporaryDirectory()
        let events = try FileEvents()
        let watch = try events.watch(directory.path, for: [.created, .deleted])
        #expect(try events.next() == [])
        directory.file("a", holding: "text")
        mkdir(directory.path + "/d", 0o700)
        rename(directory.path + "/a", directory.path + "/b")
        rmdir(directory.path + "/d")
        #expect(try Poller.wait(for: [.init(events.number)], timeout: .zero) == [events.number])
        let told = try events.next()
        #expect(told.map(\.name) == ["a", "d", "a", "b", "d"])
        #expect(told.map(\.change) == [.created, .created, .deleted, .created, .deleted])
        #expect(told.map(\.isDirectory) == [false, true, false, false, true])
        #expect(told.allSatisfy { $0.watch == watch && !$0.isIgnored && !$0.isOverflow })
    }

    @Test("a change of a file is told for the file itself, and as what was asked for")
    func contents() throws {
        let directory = try TemporaryDirectory()
        directory.file("a", holding: "")
        let events = try FileEvents()
        let path = directory.path + "/a"
        let first = try events.watch(path, for: .modified)
        chmod(path, 0o600)
        try FileDescriptor.open(path, .writing).write("x")
        #expect(try events.next() == [.init(watch: first, mask: UInt32(IN_MODIFY), name: "")])
        #expect(try events.watch(path, for: .attributes) == first)
        try FileDescriptor.open(path, .writing).write("x")
        chmod(path, 0o644)
        #expect(try events.next().map(\.change) == [.attributes])
    }

    @Test("two watches are told apart")
    func watches() throws {
        let directory = try TemporaryDirectory()
        mkdir(directory.path + "/a", 0o700)
        mkdir(directory.path + "/b", 0o700)
        let events = try FileEvents()
        let a = try events.watch(directory.path + "/a", for: .created)
        let b = try events.watch(directory.path + "/b", for: .created)
        directory.file("b/x", holding: "")
        directory.file("a/x", holding: "")
        #expect(try events.next().map(\.watch) == [b, a])
        #expect(a != b)
    }

    @Test("the end of what was watched ends the watch")
    func gone() throws {
        let directory = try TemporaryDirectory()
        mkdir(directory.path + "/d", 0o700)
        let events = try FileEvents()
        let watch = try events.watch(directory.path + "/d", for: .created)
        rmdir(directory.path + "/d")
        #expect(try events.next() == [.init(watch: watch, mask: UInt32(IN_IGNORED), name: "")])
    }

    @Test("events that nobody took in time are told as lost, after those that fitted")
    func overflow() throws {
        let limit = text(try FileDescriptor.open("/proc/sys/fs/inotify/max_queued_events", .reading).readAll())
        let capacity = try #require(Int(limit.dropLast()))
        let directory = try TemporaryDirectory()
        let events = try FileEvents()
        _ = try events.watch(directory.path, for: .created)
        for index in 0...capacity { directory.link("\(index)", to: "x") }
        var told: [FileEvents.Event] = []
        while case let more = try events.next(), !more.isEmpty { told += more }
        #expect(told.count == capacity + 1)
        #expect(told.last == .init(watch: -1, mask: UInt32(bitPattern: IN_Q_OVERFLOW), name: ""))
        #expect(told.last?.isOverflow == true)
    }

    @Test("a file where only a directory will do, and a path that leads nowhere, are refused")
    func refusals() throws {
        let directory = try TemporaryDirectory()
        directory.file("a", holding: "")
        let events = try FileEvents()
        let path = directory.path
        #expect(throws: Errno.notDirectory) { _ = try events.watch(path + "/a", for: [.created, .onlyDirectory]) }
        #expect(throws: Errno.noSuchFileOrDirectory) { _ = try events.watch(path + "/b", for: .created) }
        #expect(throws: Errno.invalidArgument) { _ = try events.watch(path + "/a\0b", for: .created) }
        #expect(try events.watch(path, for: [.created, .onlyDirectory]) > 0)
    }
}
