// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit

/// The directory that a recording goes to: it is filled with regular files, each written once.
final class RecordingDirectory {
    private let path: String
    private let descriptor: FileDescriptor
    private var made: Set<String> = [""]

    /// Makes the directory, or takes one that is empty.
    init(_ path: String) throws(RecordingError) {
        let name = String(path.reversed().drop { $0 == "/" }.reversed())
        let trimmed = name.isEmpty ? "/" : name
        self.path = trimmed
        let isEmpty: Bool
        do throws(Errno) {
            descriptor = try Self.make(trimmed)
            isEmpty = try descriptor.entries().isEmpty
        } catch {
            throw error == .notDirectory ? .notADirectory(trimmed) : .unwritable(path: trimmed, error)
        }
        if !isEmpty { throw .notEmpty(trimmed) }
    }

    private static func make(_ path: String) throws(Errno) -> FileDescriptor {
        let (above, name) = split(path)
        do throws(Errno) {
            try FileDescriptor.openDirectory(above).makeDirectory(name, permissions: 0o755)
        } catch .fileExists {}
        return try FileDescriptor.openDirectory(path)
    }

    private static func split(_ path: String) -> (above: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let above = String(path[..<slash])
        return (above.isEmpty ? "/" : above, String(path[path.index(after: slash)...]))
    }

    /// Writes a file that is not there yet, and makes the directories above it.
    func write(_ bytes: [UInt8], to relative: String, permissions: UInt32 = 0o644) throws(RecordingError) {
        let parts = relative.split(separator: "/").map(String.init)
        try makeDirectory(parts.dropLast().joined(separator: "/"))
        do throws(Errno) {
            let file = try FileDescriptor.open(
                path + "/" + relative, .writing, options: [.createNew, .noFollow], permissions: permissions)
            try file.write(bytes.span)
        } catch {
            throw .unwritable(path: path + "/" + relative, error)
        }
    }

    /// Makes a directory and those above it, unless they are there.
    func makeDirectory(_ relative: String) throws(RecordingError) {
        guard made.insert(relative).inserted else { return }
        try makeDirectory(relative.split(separator: "/").dropLast().joined(separator: "/"))
        do throws(Errno) {
            try descriptor.makeDirectory(relative, permissions: 0o755)
        } catch {
            throw .unwritable(path: path + "/" + relative, error)
        }
    }
}
