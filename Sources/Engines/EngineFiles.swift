// SPDX-License-Identifier: Apache-2.0

internal import Linux
import MachineKit
package import Text

/// The files of a machine, or of an image of one, whose engines are set up.
package struct EngineFiles: Sendable {
    private let files: HostFiles
    /// More than any configuration of an engine holds.
    private static let largest = 4 << 20

    /// The files below a directory; `/` is this machine.
    package init(root: String) { files = HostFiles(root: root) }

    /// The path of a file, seen from here.
    package func location(of path: String) -> String { files.location(of: path) }

    /// A path as the machine itself calls it, where it lies within.
    package func inside(_ path: String) -> String {
        path.hasPrefix(files.root + "/") ? String(path.dropFirst(files.root.count)) : path
    }

    /// What a file holds; nil where there is none.
    func text(of path: String) throws(Problem) -> String? {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try files.bytes(of: path, limit: Self.largest)
        } catch  where error.errno == .noSuchFileOrDirectory {
            return nil
        } catch {
            throw refusal("cannot read \(location(of: path))", error.errno)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Problem("\(location(of: path)) is not UTF-8 text", fix: "look at it with an editor")
        }
        return text
    }

    /// The names in a directory, in the order of the alphabet; none where there is no such directory.
    func names(in path: String) throws(Problem) -> [String] {
        do throws(Errno) {
            return try files.open(path, for: .directory).entries().map(\.name).sorted()
        } catch .noSuchFileOrDirectory {
            return []
        } catch {
            throw refusal("cannot list \(location(of: path))", error)
        }
    }

    /// Whether there is such a directory.
    func hasDirectory(_ path: String) -> Bool {
        do throws(Errno) {
            _ = try files.open(path, for: .directory)
            return true
        } catch {
            return false
        }
    }

    /// Whether there is such a program.
    func hasProgram(_ path: String) -> Bool {
        guard let status = try? files.status(of: path) else { return false }
        return status.kind == .file && status.permissions & 0o111 != 0
    }
}

// MARK: - Writing

extension EngineFiles {
    /// Makes a change: a reader finds all of the old or all of the new.
    package func perform(_ change: FileChange) throws(Problem) {
        let name = String(change.path.split(separator: "/").last ?? "")
        let parent = String(change.path.dropLast(name.utf8.count + 1))
        do throws(Errno) {
            if change.new != nil { try makeDirectory(parent) }
            let directory = try files.open(parent, for: .directory)
            let old = try status(of: name, in: directory)
            let text = try? self.text(of: change.path)
            guard text.map({ $0.utf8.elementsEqual((change.old ?? "").utf8) }) ?? (change.old == nil) else {
                throw .busy
            }
            if let new = change.new {
                try directory.replaceFile(name, with: new, permissions: 0o644, like: old)
            } else {
                try directory.removeFile(name)
                try directory.synchronize()
            }
        } catch .tooManySymbolicLinks {
            throw Problem(
                "\(location(of: change.path)) is a symbolic link, which rtshield does not change",
                fix: "change its target by hand")
        } catch .busy {
            throw Problem("\(location(of: change.path)) was changed by somebody else meanwhile", fix: "try again")
        } catch {
            throw refusal("cannot write \(location(of: change.path))", error)
        }
    }

    /// What the file is now, and nil where there is none; a link is refused.
    private func status(of name: String, in directory: borrowing FileDescriptor) throws(Errno) -> FileStatus? {
        do throws(Errno) {
            return try directory.open(
                beneath: name, for: .reading, options: .nonBlocking, resolving: .noSymbolicLinks
            ).status()
        } catch .noSuchFileOrDirectory {
            return nil
        }
    }

    private func makeDirectory(_ path: String) throws(Errno) {
        guard !path.isEmpty, !hasDirectory(path) else { return }
        let name = path.split(separator: "/").last ?? ""
        let parent = String(path.dropLast(name.utf8.count + 1))
        try makeDirectory(parent)
        try files.open(parent, for: .directory).makeDirectory(String(name))
    }

    private func refusal(_ what: String, _ errno: Errno) -> Problem {
        switch errno {
        case .permissionDenied, .notPermitted: Problem(what, why: "\(errno)", fix: "run it as root")
        case .crossDevice:
            Problem(what, why: "a symbolic link points outside \(files.root)", fix: "give it a relative target")
        default: Problem(what, why: "\(errno)")
        }
    }
}

/// What one file of an engine becomes.
package struct FileChange: Sendable {
    /// Where the file is, seen from the root of the machine.
    package let path: String
    /// What it holds; nil where there is none.
    package let old: String?
    /// What it will hold; nil where it goes.
    package let new: String?

    /// Nil when nothing changes.
    ///
    /// Bytes are compared: to Swift, texts that are spelt differently can be equal.
    init?(_ path: String, from old: String?, to new: String?) {
        if let old, let new, old.utf8.elementsEqual(new.utf8) { return nil }
        if old == nil, new == nil { return nil }
        self.path = path
        self.old = old
        self.new = new
    }
}
