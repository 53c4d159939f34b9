// SPDX-License-Identifier: Apache-2.0

import Glibc

extension FileDescriptor {
    /// Reads from the current position to the end of the file.
    ///
    /// - Parameter limit: The most bytes to accept.
    /// - Returns: The bytes.
    /// - Throws: ``Errno/fileTooLarge`` for a longer file, else the reason of the refusal.
    ///
    /// The corresponding C function is `read`.
    package func readAll(limit: Int = 16 << 20) throws(Errno) -> [UInt8] {
        var bytes: [UInt8] = []
        try readAll(into: &bytes, limit: limit)
        return bytes
    }

    /// Reads from the current position to the end of the file, into memory that is used again and again.
    ///
    /// Pseudo-files claim a size of 0, so the end is where `read(2)` returns nothing, never what `stat(2)` says.
    ///
    /// - Parameters:
    ///   - bytes: Holds what was read, and nothing else; its memory is kept for the next file.
    ///   - limit: The most bytes to accept.
    /// - Throws: ``Errno/fileTooLarge`` for a longer file, else the reason of the refusal.
    ///
    /// The corresponding C function is `read`.
    package func readAll(into bytes: inout [UInt8], limit: Int = 16 << 20) throws(Errno) {
        var filled = 0
        defer { bytes.removeLast(bytes.count - filled) }
        while true {
            // What is appended is overwritten; copying an array is the fastest way to make room.
            if filled == bytes.count { bytes.append(contentsOf: filled < 4096 ? emptyPage : bytes) }
            let count = try read(into: &bytes, from: filled)
            if count == 0 { return }
            filled += count
            if filled > limit { throw .fileTooLarge }
        }
    }

    /// Reads once, into the elements from `start` on.
    private func read(into bytes: inout [UInt8], from start: Int) throws(Errno) -> Int {
        try call {
            unsafe bytes.withUnsafeMutableBytes { buffer in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[start...])
                return unsafe libc(Glibc.read(number, rest.baseAddress, rest.count))
            }
        }
    }
}

private let emptyPage = [UInt8](repeating: 0, count: 4096)

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

extension FileDescriptor {
    /// Locks the file against others that lock it; the lock ends with the descriptor.
    ///
    /// The lock belongs to the open file: another descriptor contends for it, even in the same process.
    ///
    /// - Parameters:
    ///   - exclusive: Whether nobody else may hold a lock; else others may share it.
    ///   - wait: Whether to wait for those who hold it.
    /// - Returns: False when somebody else holds it and `wait` is false.
    /// - Throws: The reason of the refusal.
    ///
    /// The corresponding C function is `flock`.
    package func lock(exclusive: Bool, wait: Bool) throws(Errno) -> Bool {
        let operation = (exclusive ? LOCK_EX : LOCK_SH) | (wait ? 0 : LOCK_NB)
        do throws(Errno) {
            _ = try call { libc(flock(number, operation)) }
            return true
        } catch .wouldBlock {
            return false
        }
    }
}
