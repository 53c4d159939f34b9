// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where the texts last looked at are kept.
let snapshots = String(#filePath.dropLast("Files.swift".count)) + "Snapshots/"

func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Whether a program can be run.
func exists(_ program: String) -> Bool { system("command -v \(program) >/dev/null 2>&1") == 0 }

/// What a shell command prints.
func run(_ command: String) throws -> String {
    guard let stream = popen(command, "r") else { throw Complaint(description: "cannot run \(command)") }
    defer { pclose(stream) }
    return contents(stream)
}

func read(_ path: String) throws -> String {
    guard let stream = fopen(path, "r") else { throw Complaint(description: "cannot read \(path)") }
    defer { fclose(stream) }
    return contents(stream)
}

func write(_ text: String, to path: String) throws {
    guard let stream = fopen(path, "w") else { throw Complaint(description: "cannot write \(path)") }
    fputs(text, stream)
    fclose(stream)
}

private func contents(_ stream: UnsafeMutablePointer<FILE>) -> String {
    var bytes: [UInt8] = []
    while case let byte = getc(stream), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
    return String(decoding: bytes, as: UTF8.self)
}

/// A directory that removes itself.
struct TemporaryDirectory: ~Copyable {
    let path: String

    init() throws {
        var template = Array("/tmp/kettle.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Complaint(description: "cannot make a directory") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { system("rm -r '\(path)'") }
}

/// A file with a text in it that removes itself.
struct TemporaryFile: ~Copyable {
    private let directory: TemporaryDirectory
    var path: String { directory.path + "/kettle.1" }

    init(_ text: String) throws {
        let directory = try TemporaryDirectory()
        try write(text, to: directory.path + "/kettle.1")
        self.directory = directory
    }
}
