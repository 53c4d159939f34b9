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

/// What a path may lead through on the way to the file it names.
///
/// The corresponding C type is the field `resolve` of `struct open_how`.
package struct Resolution: OptionSet, Hashable, Sendable {
    /// The bits of `openat2(2)`.
    package let rawValue: UInt64

    /// Takes the bits of `openat2(2)`.
    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Never leaves the directory it starts from, be it by `..`, by an absolute path or by a link.
    ///
    /// The corresponding C flag is `RESOLVE_BENEATH`.
    package static let beneath = Resolution(rawValue: UInt64(RESOLVE_BENEATH))

    /// Follows no symbolic link.
    ///
    /// The corresponding C flag is `RESOLVE_NO_SYMLINKS`.
    package static let noSymbolicLinks = Resolution(rawValue: UInt64(RESOLVE_NO_SYMLINKS))

    /// Follows no link that the kernel resolves by itself, such as `/proc/PID/root` or `/proc/PID/fd/3`.
    ///
    /// The corresponding C flag is `RESOLVE_NO_MAGICLINKS`.
    package static let noMagicLinks = Resolution(rawValue: UInt64(RESOLVE_NO_MAGICLINKS))

    /// Enters no other mount.
    ///
    /// The corresponding C flag is `RESOLVE_NO_XDEV`.
    package static let noMountCrossing = Resolution(rawValue: UInt64(RESOLVE_NO_XDEV))
}

extension FileDescriptor {
    /// Lists this directory, without `.` and `..`, in the order of the kernel.
    ///
    /// Starts from the beginning each time; two threads must not list through one descriptor.
    ///
    /// The corresponding C function is `getdents64`.
    package func entries() throws(Errno) -> [DirectoryEntry] {
        try seek(to: 0)
        var entries: [DirectoryEntry] = []
        var records = [UInt8](repeating: 0, count: 32 << 10)
        while true {
            let count = try call {
                unsafe records.withUnsafeMutableBytes { buffer in
                    // An array of more than no elements has an address.
                    guard let address = buffer.baseAddress else { return -Int(EINVAL) }
                    return unsafe clinux_getdents64(number, address, buffer.count)
                }
            }
            if count == 0 { return entries }
            append(records, length: count, to: &entries)
        }
    }
}

/// Takes apart what `getdents64(2)` wrote: 8 bytes of inode, 8 of offset, 2 of length, 1 of type, the name up to a NUL.
private func append(_ records: [UInt8], length end: Int, to entries: inout [DirectoryEntry]) {
    var start = 0
    while start + 19 < end {
        let length = unsafe records.withUnsafeBytes { bytes in
            Int(unsafe bytes.loadUnaligned(fromByteOffset: start + 16, as: UInt16.self))
        }
        let name = records[(start + 19)..<(start + length)].prefix { $0 != 0 }
        if !name.elementsEqual(".".utf8) && !name.elementsEqual("..".utf8) {
            let name = String(decoding: name, as: UTF8.self)
            entries.append(DirectoryEntry(name: name, kind: kind(of: records[start + 18])))
        }
        start += length
    }
}

private func kind(of type: UInt8) -> DirectoryEntry.Kind {
    switch Int(type) {
    case Int(DT_DIR): .directory
    case Int(DT_REG): .file
    case Int(DT_LNK): .link
    default: .other
    }
}

/// One name in a directory.
package struct DirectoryEntry: Hashable, Sendable {
    /// What a name stands for.
    package enum Kind: Hashable, Sendable {
        /// A directory.
        case directory
        /// A regular file; pseudo-files count as such.
        case file
        /// A symbolic link.
        case link
        /// A device, socket or pipe, or a file system that does not say.
        case other
    }

    /// The name, without any path.
    ///
    /// Bytes that are no UTF-8 are replaced, and such a name cannot be opened again.
    package let name: String

    /// What the name stands for.
    package let kind: Kind

    /// Names an entry.
    package init(name: String, kind: Kind) {
        self.name = name
        self.kind = kind
    }
}
