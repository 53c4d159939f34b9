// SPDX-License-Identifier: Apache-2.0

import Glibc

extension FileDescriptor {
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
    /// - Throws: ``Errno/crossDevice`` for a path of several parts, else the reason of the refusal; the file is then as
    ///   it was.
    ///
    /// The corresponding C functions are `fsync` and `renameat`.
    package func replaceFile(
        _ name: String, with text: String, permissions: UInt32 = 0o600, like model: FileStatus? = nil
    ) throws(Errno) {
        try putFile(name, with: text.utf8.span, permissions: permissions, like: model, isDurable: true)
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
