// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("Announcements of devices")
struct KernelEventTests {
    @Test("what the kernel announces of a CPU arrives", .enabled(if: canTrigger))
    func announcement() throws {
        let events = try KernelEvents()
        try FileDescriptor.open(Self.trigger, .writing).write("change")
        let expected = KernelEvent(action: "change", devicePath: "/devices/system/cpu/cpu0", subsystem: "cpu")
        var found = false
        while !found, try Poller.wait(for: [.init(events.number)], timeout: .seconds(10)) == [events.number] {
            while let event = try events.next() { found = found || event == expected }
        }
        #expect(found)
    }

    @Test("a message is taken apart, whatever the order of its values")
    func message() {
        let message = "add@/devices/x\0SEQNUM=1\0SUBSYSTEM=net\0DEVPATH=/devices/x=y\0EMPTY=\0ACTION=add\0"
        #expect(
            KernelEvent(message: Array(message.utf8))
                == KernelEvent(action: "add", devicePath: "/devices/x=y", subsystem: "net"))
    }

    @Test(
        "a message that lacks a value is none",
        arguments: [
            "", "add@/devices/x\0", "add@/devices/x\0ACTION=add\0DEVPATH=/devices/x\0",
            "ACTION=add\0DEVPATH=/devices/x\0SUBSYSTEM=net\0", "add@/x\0ACTION\0DEVPATH=/x\0SUBSYSTEM=net\0",
        ])
    func incomplete(message: String) {
        #expect(KernelEvent(message: Array(message.utf8)) == nil)
    }

    @Test(
        "announcements that nobody took in time are told once, and those that fitted follow",
        .enabled(if: canTrigger))
    func overflow() throws {
        let events = try KernelEvents()
        var room: Int32 = 1
        // The kernel makes it the smallest that it allows.
        setsockopt(events.number, SOL_SOCKET, SO_RCVBUF, &room, 4)
        let trigger = try FileDescriptor.open(Self.trigger, .writing)
        for _ in 0..<50 { try trigger.write("change") }
        #expect(throws: Errno.noBufferSpace) { _ = try events.next() }
        #expect(try events.next() != nil)
    }

    @Test("a message of another process is dropped")
    func senders() throws {
        let receiver = try NetlinkSocket(family: Self.usersAmongThemselves)
        try receiver.join(groups: 0)
        let sender = try NetlinkSocket(family: Self.usersAmongThemselves)
        // Family, number of the socket, groups.
        var address: (UInt32, UInt32, UInt32) = (0, 0, 0)
        withSocketAddress(&address) { address, size in
            var size = size
            _ = getsockname(receiver.number, address, &size)
        }
        let sent = withSocketAddress(&address) { address, size in sendto(sender.number, "word", 4, 0, address, size) }
        try #require(sent == 4)
        var buffer = [UInt8](repeating: 0, count: 16)
        #expect(try Poller.wait(for: [.init(receiver.number)], timeout: .zero) == [receiver.number])
        #expect(try receiver.receive(into: &buffer) == nil)
        #expect(try Poller.wait(for: [.init(receiver.number)], timeout: .zero).isEmpty)
    }

    private static let trigger = "/sys/devices/system/cpu/cpu0/uevent"
    /// NETLINK_USERSOCK.
    private static let usersAmongThemselves: Int32 = 2
    private static let canTrigger = access(trigger, W_OK) == 0
}
