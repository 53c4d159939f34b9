// SPDX-License-Identifier: Apache-2.0

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
