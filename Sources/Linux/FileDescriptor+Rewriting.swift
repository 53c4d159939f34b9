// SPDX-License-Identifier: Apache-2.0

import Glibc

extension FileDescriptor {
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
        if name.utf8.contains(UInt8(ascii: "/")) { throw .crossDevice }
        // A dot in front, so that nothing that reads whole directories takes it for a file.
        let temporary = ".new-" + name
        do throws(Errno) {
            try removeFile(temporary)
        } catch .noSuchFileOrDirectory {}
        do throws(Errno) {
            let file = try open(beneath: temporary, for: .writing, options: .createNew, permissions: 0o600)
            try file.write(bytes)
            try file.take(status)
            try rename(temporary, to: name)
        } catch {
            try? removeFile(temporary)
            throw error
        }
    }

    /// Has this file belong to whom another belongs, with the same permissions.
    private func take(_ other: FileStatus) throws(Errno) {
        let status = try status()
        // Only root may give a file away; who is not, has nothing to give.
        if (status.owner, status.group) != (other.owner, other.group) {
            _ = try call { libc(fchown(number, other.owner, other.group)) }
        }
        _ = try call { libc(fchmod(number, other.permissions)) }
    }
}
