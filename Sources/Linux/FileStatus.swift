// SPDX-License-Identifier: Apache-2.0

import Glibc

/// What a file is and whose, as opposed to what it holds.
package struct FileStatus: Hashable, Sendable {
    /// What the file is.
    package let kind: DirectoryEntry.Kind
    /// The permission bits, such as `0o444`.
    package let permissions: UInt32
    /// The user who owns the file, by number.
    package let owner: UInt32
    /// The group that the file belongs to, by number.
    package let group: UInt32
    /// The size in bytes; 0 for most pseudo-files, whatever they hold.
    package let size: Int
    /// Together with ``inode``, which file it is.
    package let device: UInt64
    /// Together with ``device``, which file it is.
    package let inode: UInt64

    fileprivate init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFDIR: .directory
            case S_IFREG: .file
            case S_IFLNK: .link
            default: .other
            }
        permissions = status.st_mode & 0o7777
        owner = status.st_uid
        group = status.st_gid
        size = Int(status.st_size)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
    }
}

extension FileDescriptor {
    /// What the open file is.
    ///
    /// The corresponding C function is `fstat`.
    package func status() throws(Errno) -> FileStatus {
        var status = stat()
        _ = try call { unsafe libc(fstat(number, &status)) }
        return FileStatus(status)
    }
}
