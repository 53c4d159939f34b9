// SPDX-License-Identifier: Apache-2.0

/// A list of texts as `execve(2)` takes it: addresses of C texts, and a null after the last.
///
/// Safe to hold: the addresses live exactly as long as the value. To use them is not.
@safe struct CStrings: ~Copyable {
    /// The first of the addresses.
    let addresses: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    /// Copies the texts.
    ///
    /// - Throws: ``Errno/invalidArgument`` if one holds a NUL byte.
    init(_ texts: [String]) throws(Errno) {
        for text in texts { try refuseEmbeddedNUL(text) }
        count = texts.count
        unsafe addresses = .allocate(capacity: texts.count + 1)
        unsafe addresses.initialize(repeating: nil, count: texts.count + 1)
        for (index, text) in texts.enumerated() { unsafe addresses[index] = unsafe copy(of: text) }
    }

    deinit {
        for index in 0..<count { unsafe addresses[index]?.deallocate() }
        unsafe addresses.deallocate()
    }
}

/// Copies a text into memory of its own, with a NUL byte after it.
private func copy(of text: String) -> UnsafeMutablePointer<CChar> {
    let bytes = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.utf8.count + 1)
    _ = unsafe bytes.initialize(from: text.utf8CString)
    // A buffer of at least one element has an address.
    return unsafe bytes.baseAddress.unsafelyUnwrapped
}
