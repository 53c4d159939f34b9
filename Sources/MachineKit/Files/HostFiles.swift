// SPDX-License-Identifier: Apache-2.0

package import Linux
import Synchronization

/// The ordinary files of a machine, live or recorded: what other programs are configured by.
///
/// They are read and never written here. A path is absolute, as the machine itself calls it; in a recording no link leads out of it.
package struct HostFiles: Sendable {
    /// The directory that the machine has as `/`, without a slash at its end; empty for this machine.
    package let root: String
    /// Is told what was looked at; nil where nobody wants to know.
    private let log: ReadLog?
    /// More than any configuration that is looked at holds, in bytes.
    package static let largest = 1 << 20

    /// The files below a directory; `/` is this machine.
    package init(root: String = "/", log: ReadLog? = nil) {
        self.log = log
        self.root = String(root.reversed().drop { $0 == "/" }.reversed())
    }

    /// The path of a file, seen from here.
    package func location(of path: String) -> String { root + path }

    /// Reads a regular file.
    ///
    /// - Parameters:
    ///   - path: Its path on the machine.
    ///   - limit: The most bytes to accept.
    /// - Returns: What it holds.
    /// - Throws: ``FileError`` if it is missing, no regular file, larger, or may not be read.
    package func bytes(of path: String, limit: Int = Self.largest) throws(FileError) -> [UInt8] {
        do throws(Errno) {
            let file = try openRegularFile(path)
            log?.note(.contents, at: path)
            return try file.readAll(limit: limit)
        } catch {
            throw FileError(.read, location(of: path), error)
        }
    }

    /// Reads a regular file as text; nil when it is missing or cannot be read.
    package func textIfPresent(of path: String) -> String? {
        (try? bytes(of: path)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names in a directory, in the order of the alphabet; none where there is no such directory.
    package func names(in path: String) -> [String] {
        guard let directory = try? open(path, for: .directory), let entries = try? directory.entries() else {
            return []
        }
        log?.note(.names, at: path)
        return entries.map(\.name).sorted()
    }

    /// What a file is, links followed.
    ///
    /// - Parameter path: Its path on the machine.
    /// - Returns: Its kind, its owner and the like.
    /// - Throws: ``FileError`` if it is missing or may not be looked at.
    package func status(of path: String) throws(FileError) -> FileStatus {
        do throws(Errno) {
            let status = try open(path, for: .reading, options: .nonBlocking).status()
            log?.note(.status, at: path)
            return status
        } catch {
            throw FileError(.open, location(of: path), error)
        }
    }

    /// Whether there is such a file or directory.
    package func exists(_ path: String) -> Bool { (try? status(of: path)) != nil }

    /// Opens a file; a recording's links cannot lead out of it.
    package func open(
        _ path: String, for access: FileDescriptor.Access, options: FileDescriptor.Options = []
    ) throws(Errno) -> FileDescriptor {
        if root.isEmpty { return try FileDescriptor.open(path.isEmpty ? "/" : path, access, options: options) }
        return try FileDescriptor.openDirectory(root).open(beneath: relative(path), for: access, options: options)
    }

    private func openRegularFile(_ path: String) throws(Errno) -> FileDescriptor {
        if root.isEmpty { return try .openRegularFile(path) }
        return try FileDescriptor.openDirectory(root).openRegularFile(beneath: relative(path))
    }

    /// A path as seen from the directory that the machine has as `/`.
    private func relative(_ path: String) -> String {
        let inner = path.drop { $0 == "/" }
        return inner.isEmpty ? "." : String(inner)
    }
}

/// What was read of a machine, so that a recording holds just what a look at it needs.
package final class ReadLog: Sendable {
    /// How a file was looked at.
    package enum Access: Hashable, Sendable {
        /// What it holds.
        case contents
        /// What it is: its kind and its permissions.
        case status
        /// What is in a directory.
        case names
    }

    private let looks = Mutex<[String: Set<Access>]>([:])

    /// An empty log.
    package init() {}

    /// Every path that was looked at, and how.
    package var all: [String: Set<Access>] { looks.withLock { $0 } }

    func note(_ look: Access, at path: String) { _ = looks.withLock { $0[path, default: []].insert(look) } }
}
