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
