// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Makes a system call again for as long as a signal interrupts it.
///
/// - Parameter body: The call; its value is 0 or more, or an error number negated.
/// - Returns: The value of the first call that no signal interrupted.
/// - Throws: The error number of that call.
func call<Value: SignedInteger>(_ body: () -> Value) throws(Errno) -> Value {
    while true {
        let value = body()
        if value >= 0 { return value }
        let error = Errno(rawValue: -Int32(truncatingIfNeeded: value))
        if error != .interrupted { throw error }
    }
}

/// Brings a result of glibc (-1, and the reason in `errno`) into the form that ``call(_:)`` expects.
func libc<Value: SignedInteger>(_ result: Value) -> Value {
    result == -1 ? Value(-errno) : result
}

/// Refuses a text that C would cut at its first NUL byte, and so name another file than the caller meant.
func refuseEmbeddedNUL(_ text: String) throws(Errno) {
    if text.utf8.contains(0) { throw .invalidArgument }
}

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

/// Lends the address of a socket, of whatever family, in the form that the calls of all families take.
///
/// - Parameters:
///   - address: A C structure that starts as `struct sockaddr` does; the call may change it.
///   - body: Uses the address and the size of it, in bytes.
/// - Returns: What `body` returns.
func withSocketAddress<Address: BitwiseCopyable, Value>(
    _ address: inout Address, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> Value
) -> Value {
    unsafe withUnsafeMutableBytes(of: &address) { bytes in
        // A structure of C has an address, and its first member says how much of it there is.
        let start = unsafe bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: sockaddr.self)
        return unsafe body(start, socklen_t(bytes.count))
    }
}
