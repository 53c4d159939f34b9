// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Waiting for several descriptors at once.
package enum Poller {
    /// What to wait for.
    package enum Interest: Hashable, Sendable {
        /// Something can be read, or the other side is gone.
        ///
        /// The corresponding C flag is `POLLIN`.
        case readable
        /// Something urgent: how pseudo-files in `/proc`, `/sys` and control groups say that their value changed.
        ///
        /// The corresponding C flag is `POLLPRI`.
        case priority

        fileprivate var flag: Int16 {
            switch self {
            case .readable: Int16(POLLIN)
            case .priority: Int16(POLLPRI)
            }
        }
    }

    /// A descriptor to wait with.
    package struct Source: Hashable, Sendable {
        /// The number of the descriptor.
        package let number: Int32
        /// What to wait for.
        package let interest: Interest

        /// Waits with a descriptor that somebody keeps open.
        package init(_ number: Int32, _ interest: Interest = .readable) {
            self.number = number
            self.interest = interest
        }
    }

    /// Waits until something happens; signals that interrupt it neither end nor prolong the wait.
    ///
    /// - Parameters:
    ///   - sources: What to wait with.
    ///   - timeout: How long to wait at most, in whole milliseconds, rounded up, and no longer than 24 days; nil waits
    ///     for ever.
    /// - Returns: The numbers of the descriptors that something happened to, including an error or the end of the other
    ///   side, in the order of `sources`; none when the time is over.
    /// - Throws: ``Errno/badFileDescriptor`` if one is not open, else the reason of the refusal.
    ///
    /// The corresponding C function is `poll`.
    package static func wait(for sources: [Source], timeout: Duration? = nil) throws(Errno) -> [Int32] {
        // The kernel would pass over it.
        if sources.contains(where: { $0.number < 0 }) { throw .badFileDescriptor }
        let deadline = timeout.map(Deadline.init(after:))
        var list = sources.map { pollfd(fd: $0.number, events: $0.interest.flag, revents: 0) }
        _ = try call { unsafe libc(poll(&list, nfds_t(list.count), milliseconds(until: deadline))) }
        if list.contains(where: { $0.revents & Int16(POLLNVAL) != 0 }) { throw .badFileDescriptor }
        return list.filter { $0.revents != 0 }.map(\.fd)
    }

    private static func milliseconds(until deadline: Deadline?) -> Int32 {
        guard let deadline else { return -1 }
        let (seconds, attoseconds) = deadline.remaining.components
        let beyond = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return Int32(min(seconds, Int64(Int32.max) / 1000 - 1) * 1000 + beyond)
    }
}
