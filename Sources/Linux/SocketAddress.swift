// SPDX-License-Identifier: Apache-2.0

import Glibc

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
