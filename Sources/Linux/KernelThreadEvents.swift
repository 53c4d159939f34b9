// SPDX-License-Identifier: Apache-2.0

import CLinux

/// The kernel's announcements of new kernel threads.
///
/// A filter in the kernel drops those of all other tasks, so that what they do wakes nobody.
package struct KernelThreadEvents: ~Copyable, Sendable {
    /// `kthreadd`, the parent of all kernel threads.
    static let parent: Int32 = 2

    private let socket: NetlinkSocket
    private let token: UInt32

    /// The number to wait with: readable when an announcement is queued.
    package var number: Int32 { socket.number }

    /// Listens from now on; a caller that wants to know of all threads lists the present ones after this.
    ///
    /// - Throws: ``Errno/notSupported`` if nobody answers: the kernel was built without it (`CONFIG_PROC_EVENTS`), or
    ///   this is not the initial process namespace. ``Errno/protocolNotSupported`` or ``Errno/connectionRefused`` in a
    ///   network namespace other than the initial one. ``Errno/notPermitted`` without `CAP_NET_ADMIN`.
    ///
    /// The corresponding kernel interface is `PROC_CN_MCAST_LISTEN` of the proc connector.
    package init() throws(Errno) {
        let token = UInt32(bitPattern: CurrentProcess.id)
        let socket = try NetlinkSocket(family: NETLINK_CONNECTOR)
        // First the filter: else the socket would fill with other tasks before it is in place.
        try Self.filter(socket.number, answersTo: token)
        // CN_IDX_PROC.
        try socket.join(groups: 1 << 0)
        _ = try call { clinux_request_process_events(socket.number, 1, token) }
        try Self.takeAnswer(from: socket, to: token)
        self.socket = socket
        self.token = token
    }

    deinit {
        // Kernels before 6.6 count listeners, and would go on announcing to nobody. A refusal changes nothing.
        _ = clinux_request_process_events(socket.number, 0, token)
    }

    /// Takes the next announcement; never waits.
    ///
    /// - Returns: The number of a kernel thread that was born, or nil when none is queued. It may have ended since.
    /// - Throws: ``Errno/noBufferSpace`` once after announcements were lost: all threads must be looked at anew, and
    ///   the announcements that are still queued follow. Else the reason of the refusal.
    ///
    /// The corresponding kernel interface is `PROC_EVENT_FORK`.
    package func next() throws(Errno) -> Int32? {
        while let message = try Self.receive(from: socket, token) {
            if case .birth(let thread) = message { return thread }
        }
        return nil
    }
}

extension KernelThreadEvents {
    /// What the proc connector may tell.
    enum Message: Hashable {
        /// A kernel thread was born.
        case birth(Int32)
        /// Our request was answered, with an error number or 0.
        case answer(Int32)
        /// Something that does not concern us.
        case other

        /// Takes a datagram apart.
        init(_ bytes: ArraySlice<UInt8>, answerTo token: UInt32) {
            var value: Int32 = 0
            let kind = unsafe bytes.withUnsafeBytes { bytes in
                // A datagram of no bytes may have no address.
                guard let start = bytes.baseAddress else { return Int32(0) }
                return unsafe clinux_process_event(start, bytes.count, KernelThreadEvents.parent, token, &value)
            }
            switch UInt32(kind) {
            case CLINUX_BIRTH.rawValue: self = .birth(value)
            case CLINUX_ANSWER.rawValue: self = .answer(value)
            default: self = .other
            }
        }
    }

    /// Has the kernel drop all but the births of kernel threads and the answer to one request.
    ///
    /// The corresponding kernel interface is `SO_ATTACH_FILTER`.
    static func filter(_ socket: Int32, answersTo token: UInt32) throws(Errno) {
        _ = try call { clinux_filter_births(socket, parent, token) }
    }

    /// Takes the answer, which the kernel (2.6.39 or later) queues before the request returns.
    private static func takeAnswer(from socket: borrowing NetlinkSocket, to token: UInt32) throws(Errno) {
        while let message = try receive(from: socket, token) {
            guard case .answer(let error) = message else { continue }
            if error != 0 { throw Errno(rawValue: error) }
            return
        }
        throw .notSupported
    }

    private static func receive(
        from socket: borrowing NetlinkSocket, _ token: UInt32
    ) throws(Errno) -> Message? {
        var buffer = [UInt8](repeating: 0, count: 256)
        return try socket.receive(into: &buffer).map { Message(buffer[..<$0], answerTo: token) }
    }
}
