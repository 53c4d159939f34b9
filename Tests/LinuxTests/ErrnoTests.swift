// SPDX-License-Identifier: Apache-2.0

import Glibc
import Linux
import Testing

@Suite("Reasons of refusals")
struct ErrnoTests {
    @Test(
        "a reason has the number and the C name of the kernel, and a text for people",
        arguments: [
            (Errno.notPermitted, 1, "EPERM", "Operation not permitted"),
            (.noSuchFileOrDirectory, 2, "ENOENT", "No such file or directory"),
            (.noSuchProcess, 3, "ESRCH", "No such process"),
            (.interrupted, 4, "EINTR", "Interrupted system call"),
            (.inputOutput, 5, "EIO", "Input/output error"),
            (.badFileDescriptor, 9, "EBADF", "Bad file descriptor"),
            (.wouldBlock, 11, "EAGAIN", "Resource temporarily unavailable"),
            (.permissionDenied, 13, "EACCES", "Permission denied"),
            (.busy, 16, "EBUSY", "Device or resource busy"),
            (.fileExists, 17, "EEXIST", "File exists"),
            (.crossDevice, 18, "EXDEV", "Invalid cross-device link"),
            (.noSuchDevice, 19, "ENODEV", "No such device"),
            (.notDirectory, 20, "ENOTDIR", "Not a directory"),
            (.invalidArgument, 22, "EINVAL", "Invalid argument"),
            (.fileTooLarge, 27, "EFBIG", "File too large"),
            (.noSpace, 28, "ENOSPC", "No space left on device"),
            (.readOnlyFileSystem, 30, "EROFS", "Read-only file system"),
            (.brokenPipe, 32, "EPIPE", "Broken pipe"),
            (.outOfRange, 34, "ERANGE", "Numerical result out of range"),
            (.nameTooLong, 36, "ENAMETOOLONG", "File name too long"),
            (.functionNotImplemented, 38, "ENOSYS", "Function not implemented"),
            (.notEmpty, 39, "ENOTEMPTY", "Directory not empty"),
            (.tooManySymbolicLinks, 40, "ELOOP", "Too many levels of symbolic links"),
            (.overflow, 75, "EOVERFLOW", "Value too large for defined data type"),
            (.protocolNotSupported, 93, "EPROTONOSUPPORT", "Protocol not supported"),
            (.notSupported, 95, "EOPNOTSUPP", "Operation not supported"),
            (.noBufferSpace, 105, "ENOBUFS", "No buffer space available"),
            (.timedOut, 110, "ETIMEDOUT", "Connection timed out"),
            (.connectionRefused, 111, "ECONNREFUSED", "Connection refused"),
        ])
    func names(error: Errno, number: Int32, name: String, text: String) {
        #expect(error.rawValue == number)
        // Two names share a number with another; either is right.
        #expect([name, name == "EOPNOTSUPP" ? "ENOTSUP" : name].contains(error.name))
        #expect(error.description == text)
    }

    @Test("a number that C does not know is still told")
    func unknown() {
        #expect(Errno(rawValue: 4000).name == "errno 4000")
        #expect(Errno(rawValue: 4000).description == "Unknown error 4000")
    }

    @Test("the kernel's own number for an operation that is not supported has a text")
    func internalNumber() {
        #expect(Errno(rawValue: 524).name == "ENOTSUPP")
        #expect(Errno(rawValue: 524).description == "Operation not supported by the kernel")
    }
}
