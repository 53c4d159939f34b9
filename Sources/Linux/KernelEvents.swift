// SPDX-License-Identifier: Apache-2.0

import CLinux

/// The kernel's announcements of devices that come, go and change: CPUs, network interfaces, and all others.
package struct KernelEvents: ~Copyable, Sendable {
    private let socket: NetlinkSocket

    /// The number to wait with: readable when an announcement is queued.
    package var number: Int32 { socket.number }

    /// Listens from now on; needs no right.
    ///
    /// A network namespace that does not belong to the initial user namespace hears of its own interfaces only.
    ///
    /// - Throws: ``Errno/protocolNotSupported`` on a kernel without hot-plugging, else the reason of the refusal.
    ///
    /// The corresponding kernel interface is `NETLINK_KOBJECT_UEVENT`, group 1: the kernel itself.
    package init() throws(Errno) {
        let socket = try NetlinkSocket(family: NETLINK_KOBJECT_UEVENT)
        try socket.join(groups: 1)
        self.socket = socket
    }

    /// Takes the next announcement; never waits.
    ///
    /// - Returns: The announcement, or nil when none is queued.
    /// - Throws: ``Errno/noBufferSpace`` once after announcements were lost: whatever they told of must be looked at
    ///   anew, and those that are still queued follow. Else the reason of the refusal.
    ///
    /// The corresponding C function is `recvfrom`.
    package func next() throws(Errno) -> KernelEvent? {
        // The kernel limits the values to 2 KiB; the heading repeats two of them.
        var buffer = [UInt8](repeating: 0, count: 8 << 10)
        while let count = try socket.receive(into: &buffer) {
            if let event = KernelEvent(message: buffer[..<count]) { return event }
        }
        return nil
    }
}
