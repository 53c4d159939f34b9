// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@Suite("Names in a directory")
struct NamesTests {
    @Test("a listing tells files, directories and links apart, and leaves out the directory itself")
    func kinds() throws {
        let directory = try TemporaryDirectory()
        try directory.descriptor.makeDirectory("d")
        directory.file("f", holding: "")
        directory.link("l", to: "f")
        let expected: Set<DirectoryEntry> = [
            DirectoryEntry(name: "d", kind: .directory), DirectoryEntry(name: "f", kind: .file),
            DirectoryEntry(name: "l", kind: .link),
        ]
        #expect(Set(try directory.descriptor.entries()) == expected)
        #expect(try directory.descriptor.entries().count == 3, "a second listing starts from the beginning")
    }

    @Test("a directory that needs many reads is listed whole, with long names")
    func many() throws {
        let directory = try TemporaryDirectory()
        let names = (0..<600).map { "\($0)-" + String(repeating: "n", count: $0 % 250) }
        for name in names { directory.file(name, holding: "") }
        #expect(try directory.descriptor.entries().map(\.name).sorted() == names.sorted())
    }

    @Test("the tasks of this process are among the entries of /proc")
    func processes() throws {
        let proc = try FileDescriptor.openDirectory("/proc")
        let own = DirectoryEntry(name: "\(CurrentProcess.id)", kind: .directory)
        #expect(try proc.entries().contains(own))
        let tasks = try proc.open(beneath: "self/task", for: .directory).entries()
        #expect(tasks.contains(own))
        #expect(tasks.allSatisfy { Int32($0.name) != nil })
    }

    @Test("a file cannot be listed")
    func file() throws {
        let file = try FileDescriptor.open("/proc/self/stat", .reading)
        #expect(throws: Errno.notDirectory) { _ = try file.entries() }
    }

    @Test("directories are made and removed, one level at a time")
    func directories() throws {
        let directory = try TemporaryDirectory()
        try directory.descriptor.makeDirectory("a", permissions: 0o700)
        try directory.descriptor.makeDirectory("a/b")
        #expect(try directory.descriptor.open(beneath: "a", for: .directory).status().permissions == 0o700)
        #expect(throws: Errno.fileExists) { try directory.descriptor.makeDirectory("a/b") }
        #expect(throws: Errno.noSuchFileOrDirectory) { try directory.descriptor.makeDirectory("x/y") }
        #expect(throws: Errno.notEmpty) { try directory.descriptor.removeDirectory("a") }
        try directory.descriptor.removeDirectory("a/b")
        try directory.descriptor.removeDirectory("a")
        #expect(try directory.descriptor.entries().isEmpty)
    }

    @Test("nothing is made or removed outside, by dots, by an absolute path or through a link")
    func confinement() throws {
        let directory = try TemporaryDirectory()
        try directory.descriptor.makeDirectory("root")
        try directory.descriptor.makeDirectory("victim")
        directory.file("precious", holding: "x")
        directory.link("root/out", to: "..")
        let root = try directory.descriptor.open(beneath: "root", for: .directory)
        for path in ["../new", "\(directory.path)/new", "out/new", ".."] {
            #expect(throws: Errno.crossDevice) { try root.makeDirectory(path) }
        }
        for path in ["../victim", "\(directory.path)/victim", "out/victim"] {
            #expect(throws: Errno.crossDevice) { try root.removeDirectory(path) }
        }
        for path in ["../precious", "\(directory.path)/precious", "out/precious"] {
            #expect(throws: Errno.crossDevice) { try root.removeFile(path) }
        }
        #expect(Set(try directory.descriptor.entries().map(\.name)) == ["root", "victim", "precious"])
    }

    @Test("of a link, the link itself is removed")
    func link() throws {
        let directory = try TemporaryDirectory()
        directory.file("file", holding: "x")
        directory.link("link", to: "file")
        try directory.descriptor.removeFile("link")
        #expect(try directory.descriptor.entries().map(\.name) == ["file"])
    }

    @Test("a rename replaces what had the name")
    func rename() throws {
        let directory = try TemporaryDirectory()
        directory.file("old", holding: "old")
        directory.file("new", holding: "new")
        try FileDescriptor.rename("\(directory.path)/new", to: "\(directory.path)/old")
        #expect(try directory.descriptor.entries().map(\.name) == ["old"])
        #expect(text(try directory.descriptor.open(beneath: "old", for: .reading).readAll()) == "new")
    }
}
