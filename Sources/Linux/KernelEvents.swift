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

/// Something that happened to a device, as the kernel tells it.
package struct KernelEvent: Hashable, Sendable {
    /// What happened, such as `add`, `remove`, `change`, `online`, `offline`.
    package let action: String
    /// The directory of the device below `/sys`, such as `/devices/system/cpu/cpu1`.
    package let devicePath: String
    /// The kind of device, such as `cpu`, `net`, `irq`.
    package let subsystem: String

    /// Names an event.
    package init(action: String, devicePath: String, subsystem: String) {
        self.action = action
        self.devicePath = devicePath
        self.subsystem = subsystem
    }

    /// Takes a message of the kernel apart: a heading, and texts of the form `KEY=value`, each with a NUL byte after it.
    ///
    /// Nil when one of the three values is missing.
    init?(message: some Collection<UInt8>) {
        var values: [Substring: Substring] = [:]
        for line in message.split(separator: 0).dropFirst() {
            let parts = String(decoding: line, as: UTF8.self).split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        guard let action = values["ACTION"], let path = values["DEVPATH"], let subsystem = values["SUBSYSTEM"] else {
            return nil
        }
        self.init(action: String(action), devicePath: String(path), subsystem: String(subsystem))
    }
}
