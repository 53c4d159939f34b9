// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// The reason for which the kernel refused a system call.
package struct Errno: Error, Hashable, Sendable, RawRepresentable {
    /// The kernel's number for the reason, greater than 0.
    package let rawValue: Int32

    /// Takes the kernel's number for the reason.
    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The C name, such as `EBUSY`; `errno 600` for a number that has none.
    package var name: String {
        if self == .internallyNotSupported { return "ENOTSUPP" }
        guard let name = unsafe clinux_error_name(rawValue) else { return "errno \(rawValue)" }
        return unsafe String(cString: name)
    }
}

extension Errno: CustomStringConvertible {
    /// The text for people, in English, such as `Device or resource busy`.
    ///
    /// The corresponding C function is `strerror`.
    package var description: String {
        if self == .internallyNotSupported { return "Operation not supported by the kernel" }
        guard let text = unsafe strerror(rawValue) else { return name }
        return unsafe String(cString: text)
    }
}

// The reasons that this package tells apart, in the order of their numbers.
extension Errno {
    /// The caller lacks the privilege, or the object never allows the operation.
    ///
    /// The corresponding C error is `EPERM`.
    package static let notPermitted = Errno(rawValue: EPERM)

    /// No file or directory has this name.
    ///
    /// The corresponding C error is `ENOENT`.
    package static let noSuchFileOrDirectory = Errno(rawValue: ENOENT)

    /// No task has this number, or it has ended.
    ///
    /// The corresponding C error is `ESRCH`.
    package static let noSuchProcess = Errno(rawValue: ESRCH)

    /// A signal arrived before the call did anything.
    ///
    /// The corresponding C error is `EINTR`.
    package static let interrupted = Errno(rawValue: EINTR)

    /// The device, or the kernel behind a pseudo-file, could not do it.
    ///
    /// The corresponding C error is `EIO`.
    package static let inputOutput = Errno(rawValue: EIO)

    /// The descriptor is closed, or is not open for this operation.
    ///
    /// The corresponding C error is `EBADF`.
    package static let badFileDescriptor = Errno(rawValue: EBADF)

    /// The call would have to wait, and was asked not to.
    ///
    /// The corresponding C error is `EAGAIN`.
    package static let wouldBlock = Errno(rawValue: EAGAIN)

    /// The kernel has no memory left for it.
    ///
    /// The corresponding C error is `ENOMEM`.
    package static let noMemory = Errno(rawValue: ENOMEM)

    /// The permissions of the file, or of a directory above it, forbid it.
    ///
    /// The corresponding C error is `EACCES`.
    package static let permissionDenied = Errno(rawValue: EACCES)

    /// Something else uses the object.
    ///
    /// The corresponding C error is `EBUSY`.
    package static let busy = Errno(rawValue: EBUSY)

    /// Something has this name already.
    ///
    /// The corresponding C error is `EEXIST`.
    package static let fileExists = Errno(rawValue: EEXIST)

    /// The path leads to another file system, or out of the directory that confines it.
    ///
    /// The corresponding C error is `EXDEV`.
    package static let crossDevice = Errno(rawValue: EXDEV)

    /// The device does not exist, or does not know the operation.
    ///
    /// The corresponding C error is `ENODEV`.
    package static let noSuchDevice = Errno(rawValue: ENODEV)

    /// A part of the path is no directory.
    ///
    /// The corresponding C error is `ENOTDIR`.
    package static let notDirectory = Errno(rawValue: ENOTDIR)

    /// The file is a directory.
    ///
    /// The corresponding C error is `EISDIR`.
    package static let isDirectory = Errno(rawValue: EISDIR)

    /// The kernel does not accept the value.
    ///
    /// The corresponding C error is `EINVAL`.
    package static let invalidArgument = Errno(rawValue: EINVAL)

    /// The process has as many open files as it may.
    ///
    /// The corresponding C error is `EMFILE`.
    package static let tooManyOpenFiles = Errno(rawValue: EMFILE)

    /// The file is larger than the limit.
    ///
    /// The corresponding C error is `EFBIG`.
    package static let fileTooLarge = Errno(rawValue: EFBIG)

    /// Nothing is left of what the operation needs, such as space or CPUs.
    ///
    /// The corresponding C error is `ENOSPC`.
    package static let noSpace = Errno(rawValue: ENOSPC)

    /// The file system is mounted read-only.
    ///
    /// The corresponding C error is `EROFS`.
    package static let readOnlyFileSystem = Errno(rawValue: EROFS)

    /// Nobody reads from the pipe any more.
    ///
    /// The corresponding C error is `EPIPE`.
    package static let brokenPipe = Errno(rawValue: EPIPE)

    /// The number is beyond what the kernel counts.
    ///
    /// The corresponding C error is `ERANGE`.
    package static let outOfRange = Errno(rawValue: ERANGE)

    /// The name, or the path of a socket, is longer than the kernel takes.
    ///
    /// The corresponding C error is `ENAMETOOLONG`.
    package static let nameTooLong = Errno(rawValue: ENAMETOOLONG)

    /// The kernel does not have the call, or a filter hides it.
    ///
    /// The corresponding C error is `ENOSYS`.
    package static let functionNotImplemented = Errno(rawValue: ENOSYS)

    /// The directory has entries.
    ///
    /// The corresponding C error is `ENOTEMPTY`.
    package static let notEmpty = Errno(rawValue: ENOTEMPTY)

    /// The path holds too many symbolic links, or one where none is allowed.
    ///
    /// The corresponding C error is `ELOOP`.
    package static let tooManySymbolicLinks = Errno(rawValue: ELOOP)

    /// The value has more digits or bits than the kernel takes.
    ///
    /// The corresponding C error is `EOVERFLOW`.
    package static let overflow = Errno(rawValue: EOVERFLOW)

    /// The kernel has no such protocol, or keeps it from this network namespace.
    ///
    /// The corresponding C error is `EPROTONOSUPPORT`.
    package static let protocolNotSupported = Errno(rawValue: EPROTONOSUPPORT)

    /// The object does not support the operation.
    ///
    /// The corresponding C error is `EOPNOTSUPP`.
    package static let notSupported = Errno(rawValue: EOPNOTSUPP)

    /// The kernel dropped messages that nobody took in time, or has no room for one more.
    ///
    /// The corresponding C error is `ENOBUFS`.
    package static let noBufferSpace = Errno(rawValue: ENOBUFS)

    /// Nothing happened within the time that was allowed.
    ///
    /// The corresponding C error is `ETIMEDOUT`.
    package static let timedOut = Errno(rawValue: ETIMEDOUT)

    /// Nobody accepts connections at this address.
    ///
    /// The corresponding C error is `ECONNREFUSED`.
    package static let connectionRefused = Errno(rawValue: ECONNREFUSED)

    /// The kernel does not support it, said with a number that it should keep to itself.
    ///
    /// Some sysctls, such as `kernel.nmi_watchdog` on hardware without one, let 524 through; C libraries have no text
    /// for it. The kernel's own name is `ENOTSUPP`.
    package static let internallyNotSupported = Errno(rawValue: 524)
}
