// SPDX-License-Identifier: Apache-2.0

import Glibc

extension LocalSocket {
    /// Sends a message that has no answer, without ever waiting.
    ///
    /// - Parameters:
    ///   - message: The message, as it is.
    ///   - address: Where the other process listens.
    /// - Throws: ``Errno/noSuchFileOrDirectory`` or ``Errno/connectionRefused`` if nobody listens,
    ///   ``Errno/wouldBlock`` if whoever listens has not read what was sent before, else the reason of the refusal.
    ///
    /// The corresponding C function is `sendto`.
    package static func send(datagram message: String, to address: Address) throws(Errno) {
        let socket = try make(SOCK_DGRAM)
        let number = socket.number
        let bytes = message.utf8.span
        let flags = Int32(MSG_NOSIGNAL | MSG_DONTWAIT)
        var (encoded, size) = try address.encoded()
        _ = try call {
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe withSocketAddress(&encoded) { address, _ in
                    unsafe libc(sendto(number, bytes.baseAddress, bytes.count, flags, address, size))
                }
            }
        }
    }
}
