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

    /// Gives a file of this directory new contents in one step: who reads it, also after a crash, finds all of the old
    /// or all of the new.
    ///
    /// For files of our own that a lock guards: two who replace the same file at once fail or undo each other.
    ///
    /// - Parameters:
    ///   - name: The name of the file in this directory; the file need not exist, and what has the name meanwhile, be
    ///     it a link, is gone.
    ///   - text: What the file holds.
    ///   - permissions: The permission bits, less those of the umask.
    ///   - model: The file whose owner, group and permission bits the new one gets instead.
    ///   - isDurable: Whether to wait for the disk; without that the file may be empty after a crash of the machine.
    /// - Throws: ``Errno/crossDevice`` for a path of several parts, else the reason of the refusal; the file is then as
    ///   it was.
    ///
    /// The corresponding C functions are `fsync` and `renameat`.
    package func replaceFile(
        _ name: String, with text: String, permissions: UInt32 = 0o600, like model: FileStatus? = nil,
        isDurable: Bool = true
    ) throws(Errno) {
        try putFile(name, with: text.utf8.span, permissions: permissions, like: model, isDurable: isDurable)
    }

    /// Gives a file of this directory, which somebody else made, new contents in one step; who reads it finds all of
    /// the old or all of the new.
    ///
    /// It keeps its permissions and whose it is. Does not wait for the disk: after a crash of the machine the file may
    /// be empty, so that this is for files that do not outlive the machine.
    ///
    /// - Parameters:
    ///   - name: The name of the file in this directory.
    ///   - bytes: What the file holds.
    ///   - status: What the file is, as it was read.
    /// - Throws: ``Errno/crossDevice`` for a path of several parts, else the reason of the refusal; the file is then as
    ///   it was.
    ///
    /// The corresponding C functions are `fchown`, `fchmod` and `renameat`.
    package func rewriteFile(_ name: String, with bytes: Span<UInt8>, as status: FileStatus) throws(Errno) {
        try putFile(name, with: bytes, permissions: 0o600, like: status, isDurable: false)
    }

    private func putFile(
        _ name: String, with bytes: Span<UInt8>, permissions: UInt32, like model: FileStatus?, isDurable: Bool
    ) throws(Errno) {
        if name.utf8.contains(UInt8(ascii: "/")) { throw .crossDevice }
        // A dot in front, so that nothing that reads whole directories takes it for a file.
        let temporary = ".new-" + name
        do throws(Errno) {
            try removeFile(temporary)
        } catch .noSuchFileOrDirectory {}
        do throws(Errno) {
            let file = try open(beneath: temporary, for: .writing, options: .createNew, permissions: permissions)
            try file.write(bytes)
            if let model { try file.resemble(model) }
            if isDurable { try file.synchronize() }
            try rename(temporary, to: name)
        } catch {
            try? removeFile(temporary)
            throw error
        }
        if isDurable { try synchronize() }
    }

    /// Gives a file of this directory another name there, in one step; a file that had that name is gone.
    ///
    /// - Parameters:
    ///   - name: The name that it has.
    ///   - newName: The name that it gets.
    /// - Throws: ``Errno/crossDevice`` for a path of several parts, else the reason of the refusal.
    ///
    /// The corresponding C function is `renameat`.
    package func rename(_ name: String, to newName: String) throws(Errno) {
        for name in [name, newName] {
            try refuseEmbeddedNUL(name)
            if name.utf8.contains(UInt8(ascii: "/")) { throw .crossDevice }
        }
        _ = try call { unsafe libc(renameat(number, name, number, newName)) }
    }

    /// Gives the open file the owner, the group and the permission bits of another, the bits last: a change of owner
    /// clears some.
    private func resemble(_ model: FileStatus) throws(Errno) {
        let status = try status()
        // Only root may give a file away; who is not, has nothing to give.
        if (status.owner, status.group) != (model.owner, model.group) {
            _ = try call { libc(fchown(number, model.owner, model.group)) }
        }
        _ = try call { libc(fchmod(number, model.permissions)) }
    }
}
