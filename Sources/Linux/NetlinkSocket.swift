// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc

/// A socket on which the kernel tells all who listen; it never waits.
struct NetlinkSocket: ~Copyable, Sendable {
    private let descriptor: FileDescriptor

    /// The number to wait with.
    var number: Int32 { descriptor.number }

    /// Makes a socket that does not listen yet.
    ///
    /// - Parameter family: The part of the kernel that speaks, a `NETLINK_…` number.
    /// - Throws: ``Errno/protocolNotSupported`` if this kernel, or this network namespace, does not have it.
    ///
    /// The corresponding C function is `socket` with `AF_NETLINK`.
    init(family: Int32) throws(Errno) {
        let type = SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        descriptor = FileDescriptor(owning: try call { libc(socket(AF_NETLINK, Int32(type), family)) })
    }

    /// Listens to some multicast groups from now on.
    ///
    /// - Parameter groups: Bit `n` is group `n + 1`.
    /// - Throws: ``Errno/notPermitted`` where that needs a right, else the reason of the refusal.
    ///
    /// The corresponding C function is `bind`.
    func join(groups: UInt32) throws(Errno) {
        var address = sockaddr_nl()
        address.nl_family = sa_family_t(AF_NETLINK)
        address.nl_groups = groups
        _ = try call {
            unsafe withSocketAddress(&address) { address, size in unsafe libc(bind(number, address, size)) }
        }
    }

    /// Takes the next message that comes from the kernel itself; what other processes sent is dropped.
    ///
    /// - Parameter buffer: Where the message is put; what does not fit is cut.
    /// - Returns: How many bytes the message has, or nil when none is queued.
    /// - Throws: ``Errno/noBufferSpace`` once after the kernel had to drop messages, else the reason of the refusal.
    ///
    /// The corresponding C function is `recvfrom`.
    func receive(into buffer: inout [UInt8]) throws(Errno) -> Int? {
        do throws(Errno) {
            while true {
                var sender = sockaddr_nl()
                let count = try call {
                    unsafe withSocketAddress(&sender) { address, size in
                        var size = size
                        return unsafe libc(recvfrom(number, &buffer, buffer.count, 0, address, &size))
                    }
                }
                if sender.nl_pid == 0 { return count }
            }
        } catch .wouldBlock {
            return nil
        }
    }
}
