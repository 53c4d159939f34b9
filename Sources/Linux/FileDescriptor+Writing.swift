// SPDX-License-Identifier: Apache-2.0

import Glibc

extension FileDescriptor {
    /// Hands a text to the kernel in one `write(2)`: pseudo-files act on each call.
    ///
    /// - Parameter text: The value, as it is: nothing is appended.
    /// - Throws: ``Errno/inputOutput`` if only a part was taken, else the reason of the refusal.
    ///
    /// The corresponding C function is `write`.
    package func write(_ text: String) throws(Errno) {
        try write(text.utf8.span)
    }

    /// Hands bytes to the kernel in one `write(2)`.
    ///
    /// - Parameter bytes: The value, as it is.
    /// - Throws: ``Errno/inputOutput`` if only a part was taken, else the reason of the refusal.
    ///
    /// The corresponding C function is `write`.
    package func write(_ bytes: Span<UInt8>) throws(Errno) {
        if try writeOnce(bytes, to: number) != bytes.count { throw .inputOutput }
    }

    /// Waits until the contents and the attributes of the file, or the names in the directory, are on the disk.
    ///
    /// The corresponding C function is `fsync`.
    package func synchronize() throws(Errno) {
        _ = try call { libc(fsync(number)) }
    }

    /// Waits until the contents of the file are on the disk, and as much of its attributes as is needed to read them.
    ///
    /// The corresponding C function is `fdatasync`.
    package func synchronizeContents() throws(Errno) {
        _ = try call { libc(fdatasync(number)) }
    }

    /// Cuts the file, or fills it up with zeros, to this many bytes.
    ///
    /// The corresponding C function is `ftruncate`.
    package func truncate(to size: Int) throws(Errno) {
        _ = try call { libc(ftruncate(number, off_t(size))) }
    }

    /// Moves the position at which the next read starts, counted in bytes from the beginning of the file.
    ///
    /// The corresponding C function is `lseek`.
    package func seek(to offset: Int) throws(Errno) {
        _ = try call { libc(lseek(number, off_t(offset), SEEK_SET)) }
    }
}

/// Hands bytes to the kernel once, and returns how many it took.
func writeOnce(_ bytes: Span<UInt8>, to number: Int32) throws(Errno) -> Int {
    try call { unsafe bytes.withUnsafeBytes { unsafe libc(Glibc.write(number, $0.baseAddress, $0.count)) } }
}
