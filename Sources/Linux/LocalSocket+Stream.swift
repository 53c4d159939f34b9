// SPDX-License-Identifier: Apache-2.0

import Glibc

extension LocalSocket {
    /// Sends all bytes at once.
    ///
    /// - Throws: ``Errno/timedOut`` if there was no room for all of them in time, else the reason of the refusal.
    ///
    /// The corresponding C function is `send`.
    static func send(bytes: [UInt8], to socket: borrowing FileDescriptor) throws(Errno) {
        let number = socket.number
        do throws(Errno) {
            let count = try call { unsafe libc(Glibc.send(number, bytes, bytes.count, Int32(MSG_NOSIGNAL))) }
            if count != bytes.count { throw .timedOut }
        } catch .wouldBlock {
            throw .timedOut
        }
    }

    /// Waits for bytes, and reads what is there.
    ///
    /// - Throws: ``Errno/timedOut`` if nothing came until the deadline, ``Errno/brokenPipe`` if nothing comes any more, else the reason
    ///   of the refusal.
    ///
    /// The corresponding C function is `recv`.
    static func receive(from socket: borrowing FileDescriptor, until deadline: Deadline) throws(Errno) -> [UInt8] {
        let number = socket.number
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        if try Poller.wait(for: [.init(number)], timeout: deadline.remaining).isEmpty { throw .timedOut }
        let count = try call { unsafe libc(recv(number, &chunk, chunk.count, 0)) }
        if count == 0 { throw .brokenPipe }
        return Array(chunk[..<count])
    }
}
