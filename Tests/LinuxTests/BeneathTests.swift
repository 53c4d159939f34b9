// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Linux

@Suite("Opening beneath a directory")
struct BeneathTests {
    /// root/inside/file, root/near -> inside/file, root/door -> inside, root/far -> out of root, outside.
    private static func tree() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        try directory.descriptor.makeDirectory("root")
        try directory.descriptor.makeDirectory("root/inside")
        directory.file("root/inside/file", holding: "inside\n")
        directory.file("outside", holding: "outside\n")
        directory.link("root/near", to: "inside/file")
        directory.link("root/door", to: "inside")
        directory.link("root/far", to: "../outside")
        directory.link("root/absolute", to: "/etc/hostname")
        return directory
    }

    @Test(
        "what stays inside is opened, be it through a link",
        arguments: ["inside/file", "near", "door/file", "inside/../near", "./inside//file"])
    func inside(path: String) throws {
        let tree = try Self.tree()
        let root = try tree.descriptor.open(beneath: "root", for: .directory)
        #expect(text(try root.open(beneath: path, for: .reading).readAll()) == "inside\n")
    }

    @Test(
        "what leads out is refused, even if the caller asked for no confinement",
        arguments: ["..", "../outside", "inside/../../outside", "/etc/hostname", "far", "absolute"])
    func outside(path: String) throws {
        let tree = try Self.tree()
        let root = try tree.descriptor.open(beneath: "root", for: .directory)
        #expect(throws: Errno.crossDevice) {
            _ = try root.open(beneath: path, for: .reading, resolving: [])
        }
    }

    @Test(
        "without symbolic links, a link is refused wherever it is in the path", arguments: ["near", "door/file", "far"])
    func noLinks(path: String) throws {
        let tree = try Self.tree()
        let root = try tree.descriptor.open(beneath: "root", for: .directory)
        #expect(throws: Errno.tooManySymbolicLinks) {
            _ = try root.open(beneath: path, for: .reading, resolving: [.beneath, .noSymbolicLinks])
        }
    }

    @Test("a link that the kernel resolves by itself is refused, and an ordinary one in /proc is followed")
    func magicLinks() throws {
        let proc = try FileDescriptor.openDirectory("/proc")
        #expect(throws: Errno.tooManySymbolicLinks) {
            _ = try proc.open(beneath: "self/exe", for: .reading, resolving: [.beneath, .noMagicLinks])
        }
        let stat = try proc.open(beneath: "self/stat", for: .reading, resolving: [.beneath, .noMagicLinks])
        #expect(text(try stat.readAll()).hasPrefix("\(CurrentProcess.id) ("))
    }

    @Test("another mount is entered only where that is allowed")
    func mounts() throws {
        let root = try FileDescriptor.openDirectory("/")
        _ = try root.open(beneath: "proc/self", for: .directory, resolving: .beneath)
        #expect(throws: Errno.crossDevice) {
            _ = try root.open(beneath: "proc/self", for: .directory, resolving: [.beneath, .noMountCrossing])
        }
    }

    @Test("opening for writing neither creates a file nor cuts one")
    func existingFilesOnly() throws {
        let tree = try Self.tree()
        let root = try tree.descriptor.open(beneath: "root", for: .directory)
        #expect(throws: Errno.noSuchFileOrDirectory) { _ = try root.open(beneath: "new", for: .writing) }
        _ = try root.open(beneath: "near", for: .writing)
        #expect(text(try root.open(beneath: "near", for: .reading).readAll()) == "inside\n")
        #expect(throws: Errno.isDirectory) { _ = try root.open(beneath: "inside", for: .writing) }
        #expect(throws: Errno.notDirectory) { _ = try root.open(beneath: "near", for: .directory) }
    }
}

@Suite("Opening beneath a directory where the kernel does not confine")
struct LexicalTests {
    @Test("a path that leaves by its text is refused", arguments: ["..", "../outside", "a/../b", "/etc/hostname"])
    func outside(path: String) throws {
        let directory = try TemporaryDirectory()
        for resolution: Resolution in [[], .noSymbolicLinks] {
            #expect(throws: Errno.crossDevice) {
                _ = try directory.descriptor.openLexically(path, .reading, resolution)
            }
        }
    }

    @Test("a path of several parts is opened, and `.` is the directory itself")
    func inside() throws {
        let directory = try TemporaryDirectory()
        try directory.descriptor.makeDirectory("a")
        directory.file("a/b..c", holding: "x")
        for resolution: Resolution in [[], .noSymbolicLinks] {
            let file = try directory.descriptor.openLexically("./a/b..c", .reading, resolution)
            #expect(text(try file.readAll()) == "x")
            let itself = try directory.descriptor.openLexically(".", .directory, resolution)
            #expect(try itself.entries().map(\.name) == ["a"])
        }
    }

    @Test("without symbolic links, none is followed wherever it is in the path")
    func links() throws {
        let directory = try TemporaryDirectory()
        try directory.descriptor.makeDirectory("a")
        directory.file("a/file", holding: "x")
        directory.link("door", to: "a")
        directory.link("near", to: "a/file")
        let root = try FileDescriptor.openDirectory(directory.path)
        #expect(throws: Errno.tooManySymbolicLinks) { _ = try root.openLexically("near", .reading, .noSymbolicLinks) }
        #expect(throws: Errno.notDirectory) { _ = try root.openLexically("door/file", .reading, .noSymbolicLinks) }
        #expect(text(try root.openLexically("door/file", .reading, []).readAll()) == "x")
    }
}
