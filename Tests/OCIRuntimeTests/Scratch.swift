// SPDX-License-Identifier: Apache-2.0

import JSON
import Linux

/// A directory that goes, with all in it, when the value ends.
struct Scratch: ~Copyable {
    let path: String
    let descriptor: FileDescriptor

    init() throws {
        path = "/tmp/rtshield-tests-" + String(UInt64.random(in: 0 ... .max), radix: 16)
        try FileDescriptor.openDirectory("/tmp").makeDirectory(String(path.dropFirst("/tmp/".count)))
        descriptor = try FileDescriptor.openDirectory(path)
    }

    deinit { _ = try? ChildProcess.run(["rm", "-rf", path]) }

    /// Makes or replaces a file; a program has the permissions 0o755.
    func file(_ name: String, _ text: String, permissions: UInt32 = 0o644) throws {
        try? descriptor.removeFile(name)
        let file = try descriptor.open(beneath: name, for: .writing, options: .createNew, permissions: permissions)
        try file.write(text)
    }

    func read(_ name: String) throws -> String {
        String(decoding: try descriptor.open(beneath: name, for: .reading).readAll(), as: UTF8.self)
    }
}

/// The recorded configurations, by their paths below `Tests`.
let recorded =
    ["runc-1.1.5", "crun-1.8.1"].map { "OCIRuntimeTests/Fixtures/\($0)" }
    + ["v1-cgroupfs", "v2-systemd"].flatMap { host in
        ["be-container", "be-sandbox", "rt-container", "rt-sandbox"].map { "ContainersTests/Fixtures/\(host)/\($0)" }
    }

func configuration(_ name: String) throws -> [UInt8] {
    let tests = String(#filePath.dropLast("OCIRuntimeTests/Scratch.swift".count))
    return try FileDescriptor.open("\(tests)\(name)/config.json", .reading).readAll()
}

extension Node {
    /// The value without its places, so that it can be compared with that of another text.
    var bare: Node {
        switch content {
        case .array(let items): Node(.array(items.map(\.bare)), in: 0..<0)
        case .object(let members):
            Node(.object(members.map { Node.Member(key: $0.key, value: $0.value.bare) }), in: 0..<0)
        default: Node(content, in: 0..<0)
        }
    }
}
