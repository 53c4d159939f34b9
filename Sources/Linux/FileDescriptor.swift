// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An open file, which it owns: the file is closed when the value ends.
///
/// Every descriptor is closed on exec. What `close(2)` answers is not looked at: pseudo-files report their errors when
/// they are read or written, and a journal is synchronized before.
package struct FileDescriptor: ~Copyable, Sendable {
    /// The number by which the kernel knows the open file.
    package let number: Int32

    /// Takes over a descriptor that nothing else closes.
    package init(owning number: Int32) {
        self.number = number
    }

    deinit {
        _ = close(number)
    }
}

extension FileDescriptor {
    /// Opens a file by its path; symbolic links are followed unless `options` forbid it.
    ///
    /// - Parameters:
    ///   - path: An absolute path, or one relative to the working directory.
    ///   - access: What the descriptor is for.
    ///   - options: Whether to create the file, to append, and the like.
    ///   - permissions: The permission bits of a file that this call creates, less those of the umask.
    /// - Returns: The open file.
    /// - Throws: The reason of the refusal.
    ///
    /// The corresponding C function is `open`.
    package static func open(
        _ path: String, _ access: Access, options: Options = [], permissions: UInt32 = 0o600
    ) throws(Errno) -> FileDescriptor {
        try refuseEmbeddedNUL(path)
        let flags = access.flags | options.rawValue | O_CLOEXEC
        return FileDescriptor(owning: try call { unsafe libc(Glibc.open(path, flags, permissions)) })
    }

    /// Opens a directory by its path, to list it and to reach what lies beneath it.
    ///
    /// The corresponding C function is `open` with `O_DIRECTORY`.
    package static func openDirectory(_ path: String) throws(Errno) -> FileDescriptor {
        try open(path, .directory)
    }
}
