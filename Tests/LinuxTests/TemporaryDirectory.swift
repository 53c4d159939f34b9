// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linux

/// An empty directory that goes, with all in it, when the value ends.
struct TemporaryDirectory: ~Copyable {
    let path: String
    let descriptor: FileDescriptor

    init() throws {
        path = "/tmp/rtshield-tests-" + String(UInt64.random(in: 0 ... .max), radix: 16)
        mkdir(path, 0o700)
        descriptor = try FileDescriptor.openDirectory(path)
    }

    deinit {
        try? Self.empty(descriptor)
        rmdir(path)
    }

    /// Makes or replaces a file, without the code under test.
    func file(_ name: String, holding text: String) {
        guard let file = fopen("\(path)/\(name)", "w") else { return }
        fputs(text, file)
        fclose(file)
    }

    /// Makes a symbolic link.
    func link(_ name: String, to target: String) {
        symlink(target, "\(path)/\(name)")
    }

    private static func empty(_ directory: borrowing FileDescriptor) throws(Errno) {
        for entry in try directory.entries() {
            if entry.kind == .directory {
                try empty(try directory.open(beneath: entry.name, for: .directory))
                try directory.removeDirectory(entry.name)
            } else {
                try directory.removeFile(entry.name)
            }
        }
    }
}

/// The bytes as text.
func text(_ bytes: [UInt8]) -> String {
    String(decoding: bytes, as: UTF8.self)
}
