// SPDX-License-Identifier: Apache-2.0

import Containers
import FoundationEssentials
import Glibc
import ShieldKit
import Testing

/// A directory that a test fills; it goes when the value ends.
struct Folder: ~Copyable {
    let path: String

    init() throws {
        var template = Array("/tmp/rtshield-containers.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        let file = URL(filePath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
    }
}

@Suite("Files of containers")
struct FileTests {
    private func error(_ path: String) -> String {
        let error = #expect(throws: ContainerError.self) { _ = try ContainerFiles.spec(in: path) }
        return error.map { "\($0)" } ?? ""
    }

    @Test("a bundle that is missing, or has no configuration, is named")
    func missing() throws {
        let folder = try Folder()
        #expect(error(folder.path + "/none") == "cannot open \(folder.path)/none: No such file or directory")
        #expect(error(folder.path) == "cannot read \(folder.path)/config.json: No such file or directory")
    }

    @Test("a configuration behind a symbolic link is refused, wherever it leads")
    func link() throws {
        let folder = try Folder()
        try folder.write("real.json", "{}")
        for target in ["real.json", folder.path + "/real.json", "/etc/shadow", "none"] {
            try folder.link("config.json", to: target)
            #expect(
                error(folder.path)
                    == "cannot read \(folder.path)/config.json: it is a symbolic link, or a path through one")
            try FileManager.default.removeItem(atPath: folder.path + "/config.json")
        }
    }

    @Test("a pipe or a directory in its place is refused, without waiting", .timeLimit(.minutes(1)))
    func pipe() throws {
        let folder = try Folder()
        try #require(mkfifo(folder.path + "/config.json", 0o600) == 0)
        #expect(error(folder.path) == "cannot read \(folder.path)/config.json: Invalid argument")
        try FileManager.default.removeItem(atPath: folder.path + "/config.json")
        try folder.write("config.json/x", "")
        #expect(error(folder.path) == "cannot read \(folder.path)/config.json: Invalid argument")
    }

    @Test("what is no JSON is told with the path")
    func binary() throws {
        let folder = try Folder()
        try folder.write("config.json", "\u{7F}ELF")
        #expect(error(folder.path) == "\(folder.path)/config.json:1:1: invalid char in json text")
    }

    @Test("kubelet's file may be missing, and must be right if it is there")
    func kubelet() throws {
        let folder = try Folder()
        #expect(try ContainerFiles.kubeletCPUs(in: folder.path) == nil)
        #expect(try ContainerFiles.kubeletCPUs(in: folder.path + "/none") == nil)
        try folder.write("cpu_manager_state", "{}")
        #expect(throws: ContainerError.self) { _ = try ContainerFiles.kubeletCPUs(in: folder.path) }
        try folder.write("cpu_manager_state", kubeletState)
        #expect(try ContainerFiles.kubeletCPUs(in: folder.path)?.policy == "static")
    }
}

@Suite("Searching containers")
struct SearchTests {
    private static let task = "run/containerd/io.containerd.runtime.v2.task"

    private func found(_ name: String, in folder: borrowing Folder) throws -> String {
        let place = try ContainerSearch(root: folder.path).place(of: name)
        return "\(place.id) \(place.bundle.dropFirst(folder.path.count + 1))"
    }

    @Test(
        "each engine and runtime keeps its containers where it is looked for",
        arguments: [
            "\(task)/moby/abc", "\(task)/k8s.io/abc", "\(task)/default/abc",
            "run/docker/containerd/daemon/io.containerd.runtime.v2.task/moby/abc",
            "run/containers/storage/overlay-containers/abc/userdata",
            "var/lib/containers/storage/vfs-containers/abc/userdata", "run/crun/abc",
        ])
    func places(bundle: String) throws {
        let folder = try Folder()
        try folder.write("\(bundle)/config.json", "{}")
        #expect(try found("abc", in: folder) == "abc \(bundle)")
    }

    @Test("runc notes where the bundle is")
    func runc() throws {
        let folder = try Folder()
        try folder.write("run/runc/c1/state.json", #"{"id": "c1", "config": {"labels": ["a=b", "bundle=/lab/c1"]}}"#)
        #expect(try found("c1", in: folder) == "c1 lab/c1")
        try folder.write("run/runc/c2/state.json", #"{"id": "c2", "config": {"labels": ["bundle=lab/c1"]}}"#)
        try folder.write("run/runc/c3/state.json", "{")
        for name in ["c2", "c3"] {
            #expect(throws: ContainerError.unknown(name)) { _ = try ContainerSearch(root: folder.path).place(of: name) }
        }
    }

    @Test("the beginning of an id will do if it is the only one, and a whole id always does")
    func beginnings() throws {
        let folder = try Folder()
        for id in ["abc", "abd", "abd2"] { try folder.write("\(Self.task)/moby/\(id)/config.json", "{}") }
        // The same container as runc knows it is not another one.
        try folder.write("run/runc/abc/state.json", #"{"config": {"labels": ["bundle=/elsewhere"]}}"#)
        #expect(try found("abc", in: folder) == "abc \(Self.task)/moby/abc")
        #expect(try found("abd", in: folder) == "abd \(Self.task)/moby/abd")
        #expect(try found("abd2", in: folder) == "abd2 \(Self.task)/moby/abd2")
        let search = ContainerSearch(root: folder.path)
        #expect(throws: ContainerError.ambiguous("ab", ["abc", "abd", "abd2"])) { _ = try search.place(of: "ab") }
        #expect(throws: ContainerError.unknown("b")) { _ = try search.place(of: "b") }
    }

    @Test("a name that is no id finds nothing", arguments: ["..", ".", "", "*", "a/b", "/", "a\u{0}", "é"])
    func names(name: String) throws {
        let folder = try Folder()
        try folder.write("\(Self.task)/moby/abc/config.json", "{}")
        #expect(throws: ContainerError.unknown(name)) { _ = try ContainerSearch(root: folder.path).place(of: name) }
    }
}
