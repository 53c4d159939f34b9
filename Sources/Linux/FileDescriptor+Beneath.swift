// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

extension FileDescriptor {
    /// Opens a file beneath this directory; nothing is cut, and nothing created unless `options` say so.
    ///
    /// A path that leads out of the directory is refused with ``Errno/crossDevice``, whatever `resolution` says. Where
    /// the kernel has no `openat2(2)` (before Linux 5.6, or hidden by a filter) the confinement is lexical: a path that
    /// holds `..` or is absolute is refused, but a symbolic link may lead out unless `resolution` forbids links.
    ///
    /// - Parameters:
    ///   - relative: The path from this directory to the file; `.` is the directory itself.
    ///   - access: What the descriptor is for.
    ///   - options: Whether to create the file, to append, and the like: for files of our own, never for pseudo-files.
    ///   - permissions: The permission bits of a file that this call creates, less those of the umask.
    ///   - resolution: What the path may lead through.
    /// - Returns: The open file.
    /// - Throws: The reason of the refusal.
    ///
    /// The corresponding C function is `openat2`.
    package func open(
        beneath relative: String, for access: Access, options: Options = [], permissions: UInt32 = 0o600,
        resolving resolution: Resolution = [.beneath, .noMagicLinks]
    ) throws(Errno) -> FileDescriptor {
        try refuseEmbeddedNUL(relative)
        do throws(Errno) {
            return try openConfined(
                relative, access.flags | options.rawValue, permissions, resolution.union(.beneath))
        } catch .functionNotImplemented {
            return try openLexically(relative, access, resolution, options: options, permissions: permissions)
        }
    }

    /// Opens through `openat2(2)`, again when a rename elsewhere kept the kernel from judging a `..` safely.
    private func openConfined(
        _ path: String, _ flags: Int32, _ permissions: UInt32, _ resolution: Resolution
    ) throws(Errno) -> FileDescriptor {
        let flags = UInt64(flags | O_CLOEXEC)
        // The kernel refuses permissions for a file that the call cannot create.
        let mode = flags & UInt64(O_CREAT) != 0 ? UInt64(permissions) : 0
        var attempts = 32
        while true {
            do throws(Errno) {
                return FileDescriptor(
                    owning: try call { unsafe clinux_openat2(number, path, flags, mode, resolution.rawValue) })
            } catch .wouldBlock where attempts > 0 {
                attempts -= 1
            }
        }
    }

    /// Opens without `openat2(2)`, judging the path by its text.
    func openLexically(
        _ path: String, _ access: Access, _ resolution: Resolution, options: Options = [], permissions: UInt32 = 0
    ) throws(Errno) -> FileDescriptor {
        let flags = access.flags | options.rawValue
        let parts = path.split(separator: "/").map(String.init)
        if path.hasPrefix("/") || parts.contains("..") { throw .crossDevice }
        guard resolution.contains(.noSymbolicLinks), let last = parts.last else {
            return try open(at: number, path, flags, permissions)
        }
        var directory = try open(at: number, ".", O_RDONLY | O_DIRECTORY)
        for part in parts.dropLast() {
            directory = try open(at: directory.number, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
        }
        return try open(at: directory.number, last, flags | O_NOFOLLOW, permissions)
    }

    private func open(
        at directory: Int32, _ path: String, _ flags: Int32, _ permissions: UInt32 = 0
    ) throws(Errno) -> FileDescriptor {
        FileDescriptor(owning: try call { unsafe libc(openat(directory, path, flags | O_CLOEXEC, permissions)) })
    }
}
