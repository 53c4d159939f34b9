// SPDX-License-Identifier: Apache-2.0

package import Linux

/// A directory tree that rtshield reads or writes, each opened once and never left.
package enum Tree: String, Hashable, Sendable, Codable, CaseIterable {
    /// The process file system, `/proc`.
    case proc
    /// Kernel objects, `/sys`.
    case sys
    /// The cgroup hierarchy that holds the cpuset controller, wherever it is mounted.
    case cpuset
    /// The cgroup hierarchy that holds the cpu controller; on cgroup v2 the same.
    case cpu
    /// Run-time units and drop-ins of systemd, `/run/systemd/system`.
    case units
    /// The journal and the lock of rtshield itself, `/run/rtshield`.
    case state
    /// Files that services keep below `/var/lib`, of which only kubelet's are read.
    case services
}

/// One file or directory, named by its tree and its path inside it.
///
/// The path is relative and holds no `..`; an empty path is the tree's root.
package struct KernelFile: Hashable, Sendable, Codable {
    package var tree: Tree
    package var path: String

    package init(_ tree: Tree, _ path: String) {
        self.tree = tree
        self.path = path
    }

    /// The last part of the path.
    package var name: Substring {
        // Bytes, because a name is asked for with every value that is compared.
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[path.utf8.index(after: $0)...] } ?? path[...]
    }

    /// The file or directory `name` below this directory.
    package func appending(_ name: String) -> KernelFile {
        KernelFile(tree, path.isEmpty ? name : path + "/" + name)
    }
}

/// A refusal by the kernel or the file system: what was tried, on which path, with which value, and the error number.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What was tried, as a verb that fits after "cannot".
    package enum Operation: String, Hashable, Sendable {
        case open, read, write, list, create, remove, replace, run, ask
        case moveTask = "move a task into"
    }

    package var operation: Operation
    /// The absolute path, as a person would type it.
    package var path: String
    /// The value that was written, where there was one.
    package var value: String?
    package var errno: Errno

    package init(_ operation: Operation, _ path: String, value: String? = nil, _ errno: Errno) {
        self.operation = operation
        self.path = path
        self.value = value
        self.errno = errno
    }

    package var description: String {
        switch value {
        case let value?: "cannot write '\(value)' to \(path): \(errno)"
        case nil: "cannot \(operation.rawValue) \(path): \(errno)"
        }
    }

    /// Whether the file, or the task it speaks of, does not exist or went away meanwhile.
    package var isAbsence: Bool {
        errno == .noSuchFileOrDirectory || errno == .noSuchDevice || errno == .noSuchProcess
    }
}
