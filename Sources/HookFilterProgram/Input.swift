// SPDX-License-Identifier: Apache-2.0

import CHookFilter

/// What the runtime tells on standard input, as far as it was read.
struct Input {
    /// The most bytes that are handed over, many times what is looked at.
    static let largest = 16 << 20

    /// What was read.
    let bytes: [UInt8]
    /// Whether that is all there is.
    let isWhole: Bool

    /// Reads standard input up to its end, or to one byte more than `limit`.
    init(limit: Int) {
        (bytes, isWhole) = bytesOf(file: 0, limit: limit)
    }
}

/// Reads a file to its end, which is then told, or until there is one byte more than `limit`, or an error.
func bytesOf(file: Int32, limit: Int) -> (bytes: [UInt8], isWhole: Bool) {
    var isWhole = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit + 1) { buffer, count in
        while count <= limit, let start = buffer.baseAddress {
            let result = unsafe chookfilter_read(file, start + count, limit + 1 - count)
            isWhole = result == 0
            guard result > 0 else { return }
            count += result
        }
    }
    return (bytes, isWhole)
}
