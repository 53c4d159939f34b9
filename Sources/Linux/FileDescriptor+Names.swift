// SPDX-License-Identifier: Apache-2.0

import Glibc

// Names that appear, change and vanish. A path of several parts is resolved as `open(beneath:for:resolving:)` does it.
extension FileDescriptor {
    /// Makes a directory beneath this one.
    ///
    /// - Parameters:
    ///   - relative: The path from this directory to the new one, whose parent exists.
    ///   - permissions: The permission bits, less those of the umask.
    ///   - resolution: What the path to the parent may lead through.
    /// - Throws: ``Errno/fileExists`` if the name is taken, else the reason of the refusal.
    ///
    /// The corresponding C function is `mkdirat`.
    package func makeDirectory(
        _ relative: String, permissions: UInt32 = 0o755, resolving resolution: Resolution = [.beneath, .noMagicLinks]
    ) throws(Errno) {
        try atName(relative, resolution) { directory, name in unsafe mkdirat(directory, name, permissions) }
    }

    /// Removes an empty directory beneath this one; a control group counts as empty when no task and no group is in it.
    ///
    /// - Parameters:
    ///   - relative: The path from this directory to the one that goes.
    ///   - resolution: What the path to its parent may lead through.
    /// - Throws: ``Errno/busy`` or ``Errno/notEmpty`` if something is in it, else the reason of the refusal.
    ///
    /// The corresponding C function is `unlinkat` with `AT_REMOVEDIR`.
    package func removeDirectory(
        _ relative: String, resolving resolution: Resolution = [.beneath, .noMagicLinks]
    ) throws(Errno) {
        try atName(relative, resolution) { directory, name in unsafe unlinkat(directory, name, AT_REMOVEDIR) }
    }

    /// Removes a file beneath this directory; of a symbolic link, the link itself.
    ///
    /// - Parameters:
    ///   - relative: The path from this directory to the file.
    ///   - resolution: What the path to its parent may lead through.
    /// - Throws: The reason of the refusal.
    ///
    /// The corresponding C function is `unlinkat`.
    package func removeFile(
        _ relative: String, resolving resolution: Resolution = [.beneath, .noMagicLinks]
    ) throws(Errno) {
        try atName(relative, resolution) { directory, name in unsafe unlinkat(directory, name, 0) }
    }

    /// Gives a file another name in one step; a file that had that name is gone.
    ///
    /// The corresponding C function is `rename`.
    package static func rename(_ path: String, to newPath: String) throws(Errno) {
        try refuseEmbeddedNUL(path)
        try refuseEmbeddedNUL(newPath)
        _ = try call { unsafe libc(Glibc.rename(path, newPath)) }
    }

    /// Makes a call with the directory that holds the last part of the path, and that part.
    private func atName(
        _ relative: String, _ resolution: Resolution, _ body: (Int32, String) -> Int32
    ) throws(Errno) {
        try refuseEmbeddedNUL(relative)
        let cut = relative.lastIndex(of: "/").map(relative.index(after:)) ?? relative.startIndex
        let (path, name) = (relative[..<cut], String(relative[cut...]))
        if name == ".." { throw .crossDevice }
        if path.isEmpty {
            _ = try call { libc(body(number, name)) }
        } else {
            let parent = try open(beneath: String(path), for: .directory, resolving: resolution)
            _ = try call { libc(body(parent.number, name)) }
        }
    }
}
