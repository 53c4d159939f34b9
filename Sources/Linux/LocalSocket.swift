// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// Questions to another process of this machine.
package enum LocalSocket {
    /// Connects to a socket, sends a message that proves who we are, and reads the answer to its end.
    ///
    /// - Parameters:
    ///   - address: Where the other process listens.
    ///   - message: The question, as it is; it is sent at once, with the numbers of this process, user and group.
    ///   - limit: The most bytes of an answer to accept.
    ///   - timeout: How long all of it may take.
    /// - Returns: The answer; bytes that are no UTF-8 are replaced.
    /// - Throws: ``Errno/noSuchFileOrDirectory`` or ``Errno/connectionRefused`` if nobody listens, ``Errno/timedOut``
    ///   if the end of the answer did not come in time, ``Errno/fileTooLarge`` for a longer answer,
    ///   ``Errno/invalidArgument`` and ``Errno/nameTooLong`` for an address that is none, else the reason of the
    ///   refusal.
    ///
    /// The corresponding C functions are `connect`, `sendmsg` with `SCM_CREDENTIALS`, and `recv`.
    package static func ask(
        _ address: Address, _ message: String, limit: Int = 1 << 20, timeout: Duration
    ) throws(Errno) -> String {
        let deadline = Deadline(after: timeout)
        let socket = try open(address, until: deadline)
        do throws(Errno) { try send(message, to: socket) } catch .wouldBlock { throw .timedOut }
        return String(decoding: try readAll(from: socket, limit: limit, until: deadline), as: UTF8.self)
    }

    /// Connects to a socket; what is sent there waits no longer than until the deadline either.
    static func open(_ address: Address, until deadline: Deadline) throws(Errno) -> FileDescriptor {
        let socket = try make(SOCK_STREAM)
        do throws(Errno) {
            try limitSending(of: socket, to: deadline.remaining)
            try connect(socket, to: address)
            try limitSending(of: socket, to: deadline.remaining)
        } catch .wouldBlock {
            throw .timedOut
        }
        return socket
    }

    /// Makes a socket that is closed on exec.
    ///
    /// The corresponding C function is `socket` with `AF_UNIX`.
    static func make(_ type: __socket_type) throws(Errno) -> FileDescriptor {
        let type = Int32(type.rawValue | SOCK_CLOEXEC.rawValue)
        return FileDescriptor(owning: try call { libc(socket(AF_UNIX, type, 0)) })
    }

    private static func connect(_ socket: borrowing FileDescriptor, to address: Address) throws(Errno) {
        let number = socket.number
        var (address, size) = try address.encoded()
        _ = try call {
            unsafe withSocketAddress(&address) { address, _ in unsafe libc(Glibc.connect(number, address, size)) }
        }
    }

    /// Sends a message at once, with the numbers of this process and of its effective user and group.
    ///
    /// - Throws: ``Errno/timedOut`` if there was room for a part only, else the reason of the refusal.
    ///
    /// The corresponding C function is `sendmsg` with `SCM_CREDENTIALS`.
    static func send(_ message: String, to socket: borrowing FileDescriptor) throws(Errno) {
        let number = socket.number
        let bytes = message.utf8.span
        let count = try call {
            unsafe bytes.withUnsafeBytes { unsafe clinux_send_with_credentials(number, $0.baseAddress, $0.count) }
        }
        if count != bytes.count { throw .timedOut }
    }

    /// Limits how long connecting and sending may wait; both fail with ``Errno/wouldBlock`` afterwards.
    ///
    /// The corresponding C function is `setsockopt` with `SO_SNDTIMEO`.
    private static func limitSending(of socket: borrowing FileDescriptor, to duration: Duration) throws(Errno) {
        // To the kernel, no time at all means for ever.
        if duration == .zero { throw .timedOut }
        let number = socket.number
        let (seconds, attoseconds) = duration.components
        var limit = timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000) + 1)
        if limit.tv_usec == 1_000_000 { limit = timeval(tv_sec: Int(seconds) + 1, tv_usec: 0) }
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = try call { unsafe libc(setsockopt(number, SOL_SOCKET, SO_SNDTIMEO, &limit, size)) }
    }

    private static func readAll(
        from socket: borrowing FileDescriptor, limit: Int, until deadline: Deadline
    ) throws(Errno) -> [UInt8] {
        var answer: [UInt8] = []
        while true {
            do throws(Errno) {
                answer += try receive(from: socket, until: deadline)
            } catch .brokenPipe {
                return answer
            }
            if answer.count > limit { throw .fileTooLarge }
        }
    }
}

extension LocalSocket {
    /// Where a socket of this machine is found.
    package enum Address: Hashable, Sendable {
        /// A file.
        case path(String)
        /// A name that no file has, within the network namespace.
        case abstract(String)

        /// The form that the kernel takes, and how many bytes of it count.
        ///
        /// - Throws: ``Errno/invalidArgument`` for an empty name or one that holds a NUL byte, ``Errno/nameTooLong`` for
        ///   one of more than 107 bytes.
        ///
        /// The corresponding C type is `struct sockaddr_un`.
        func encoded() throws(Errno) -> (address: sockaddr_un, size: socklen_t) {
            let name = name
            try refuseEmbeddedNUL(name)
            if name.isEmpty { throw .invalidArgument }
            let bytes = isAbstract ? [0] + Array(name.utf8) : Array(name.utf8) + [0]
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            if bytes.count > MemoryLayout.size(ofValue: address.sun_path) { throw .nameTooLong }
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in unsafe path.copyBytes(from: bytes) }
            return (address, socklen_t(MemoryLayout<sa_family_t>.size + bytes.count))
        }

        private var name: String {
            switch self {
            case .path(let name), .abstract(let name): name
            }
        }

        private var isAbstract: Bool {
            if case .abstract = self { true } else { false }
        }
    }

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
