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

    /// Opens a regular file by its path to read it, without ever waiting.
    ///
    /// - Throws: ``Errno/invalidArgument`` if there is something else: a pipe in the file's place would be waited for until
    ///   somebody writes to it. Else the reason of the refusal.
    ///
    /// The corresponding C functions are `open` with `O_NONBLOCK`, and `fstat`.
    package static func openRegularFile(_ path: String) throws(Errno) -> FileDescriptor {
        try open(path, .reading, options: .nonBlocking).requireRegular()
    }

    /// Opens a regular file beneath this directory to read it, without ever waiting.
    ///
    /// - Throws: ``Errno/invalidArgument`` if there is something else, as ``openRegularFile(_:)`` does; else the reason of the
    ///   refusal.
    ///
    /// The corresponding C functions are `openat2` with `O_NONBLOCK`, and `fstat`.
    package func openRegularFile(
        beneath relative: String, resolving resolution: Resolution = [.beneath, .noMagicLinks]
    ) throws(Errno) -> FileDescriptor {
        try open(beneath: relative, for: .reading, options: .nonBlocking, resolving: resolution).requireRegular()
    }

    private consuming func requireRegular() throws(Errno) -> FileDescriptor {
        guard try status().kind == .file else { throw .invalidArgument }
        return self
    }

    /// Opens a directory by its path, to list it and to reach what lies beneath it.
    ///
    /// The corresponding C function is `open` with `O_DIRECTORY`.
    package static func openDirectory(_ path: String) throws(Errno) -> FileDescriptor {
        try open(path, .directory)
    }

    /// What a descriptor is opened for.
    package enum Access: Hashable, Sendable {
        /// Reading a file.
        case reading
        /// Writing a file that exists: without ``Options/create`` nothing is created, and never anything cut.
        case writing
        /// Reading and writing a file.
        case readingAndWriting
        /// Listing a directory, and opening what lies beneath it.
        case directory

        var flags: Int32 {
            switch self {
            case .reading: O_RDONLY
            case .writing: O_WRONLY
            case .readingAndWriting: O_RDWR
            case .directory: O_RDONLY | O_DIRECTORY
            }
        }
    }

    /// How a file of our own, never a pseudo-file, is opened.
    package struct Options: OptionSet, Hashable, Sendable {
        /// The bits of `open(2)`.
        package let rawValue: Int32

        /// Takes the bits of `open(2)`.
        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        /// Creates the file if it does not exist.
        ///
        /// The corresponding C flag is `O_CREAT`.
        package static let create = Options(rawValue: O_CREAT)

        /// Creates the file, and fails with ``Errno/fileExists`` if it exists.
        ///
        /// The corresponding C flags are `O_CREAT` and `O_EXCL`.
        package static let createNew = Options(rawValue: O_CREAT | O_EXCL)

        /// Puts each write at the end of the file.
        ///
        /// The corresponding C flag is `O_APPEND`.
        package static let append = Options(rawValue: O_APPEND)

        /// Fails with ``Errno/tooManySymbolicLinks`` if the last part of the path is a symbolic link.
        ///
        /// The corresponding C flag is `O_NOFOLLOW`.
        package static let noFollow = Options(rawValue: O_NOFOLLOW)

        /// For a file of our own: creates it if it does not exist, and never follows a link that somebody put in its place.
        package static let ours: Options = [.create, .noFollow]

        /// Never waits: on a pipe or a device, an operation that would have to fails with ``Errno/wouldBlock``.
        ///
        /// The corresponding C flag is `O_NONBLOCK`.
        package static let nonBlocking = Options(rawValue: O_NONBLOCK)
    }
}
