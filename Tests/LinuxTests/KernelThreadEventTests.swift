// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("Announcements of kernel threads")
struct KernelThreadEventTests {
    @Test("what ordinary processes do wakes nobody", .enabled(if: isSupported))
    func processes() throws {
        let events = try KernelThreadEvents()
        let processes = try (0..<20).map { _ in
            Int32(try ChildProcess.run(["sh", "-c", "echo $$"]).output.text.dropLast())
        }
        // Real kernel threads may be born meanwhile, and another test may have begun to listen.
        while let thread = try events.next() { #expect(!processes.contains(thread)) }
    }

    @Test("a new kernel thread is told with its number", .enabled(if: isSupported && canMakeThread))
    func birth() throws {
        let events = try KernelThreadEvents()
        let machine = try VirtualMachine()
        var names: [String] = []
        while !names.contains(machine.threadName),
            try Poller.wait(for: [.init(events.number)], timeout: .seconds(10)) == [events.number]
        {
            while let thread = try events.next() { names.append(name(of: thread)) }
        }
        #expect(names.contains(machine.threadName))
    }

    @Test("a kernel that does not answer, or refuses, is told", .enabled(if: !isSupported))
    func refusal() {
        let reasons: [Errno] = [.notSupported, .protocolNotSupported, .connectionRefused, .notPermitted]
        #expect(throws: Errno.self) { _ = try KernelThreadEvents() }
        do throws(Errno) { _ = try KernelThreadEvents() } catch { #expect(reasons.contains(error)) }
    }

    /// Whether the kernel has it, in these namespaces, and we have the right: asked without the code under test, which
    /// would else excuse itself.
    private static let isSupported: Bool = {
        var namespace = stat()
        // The kernel's number for the initial process namespace.
        guard stat("/proc/self/ns/pid", &namespace) == 0, namespace.st_ino == 0xefff_fffc, geteuid() == 0 else {
            return false
        }
        let listeners = try? FileDescriptor.open("/proc/net/connector", .reading).readAll()
        return text(listeners ?? []).contains("cn_proc")
    }()
    private static let canMakeThread = succeeds { _ = try VirtualMachine() }
}

@Suite("The filter for announcements of kernel threads")
struct KernelThreadFilterTests {
    @Test("births of kernel threads and our answer pass, and come out as what they are")
    func passing() throws {
        #expect(try passed(.fork(parent: 2, child: 0x0102_0304)) == [.birth(0x0102_0304)])
        #expect(try passed(.answer(token: Self.token, error: 0)) == [.answer(0)])
        #expect(try passed(.answer(token: Self.token, error: EPERM)) == [.answer(EPERM)])
    }

    @Test(
        "everything else is dropped in the kernel",
        arguments: [
            ProcessEvent.fork(parent: 1, child: 7), .fork(parent: 0, child: 7), .fork(parent: 0x0200_0000, child: 7),
            .fork(parent: 3, parentProcess: 2, child: 7), .fork(parent: 3, child: 2),
            // Beginning and end of a program, and the end of a process, with number 2 wherever one fits.
            .other(what: 0x0000_0002), .other(what: 0x8000_0000), .other(what: 0x0100_0000),
            .answer(token: token + 1, error: 0), .answer(token: token.byteSwapped, error: 0), .counted(as: token),
            .cut(50), .cut(55), .cut(0),
        ])
    func dropped(event: ProcessEvent) throws {
        #expect(try passed(event) == [])
    }

    @Test("what passed the filter but is no message of the proc connector is something else")
    func foreign() {
        var bytes = ProcessEvent.fork(parent: 2, child: 7).bytes
        #expect(KernelThreadEvents.Message(bytes[...], answerTo: Self.token) == .birth(7))
        #expect(KernelThreadEvents.Message(bytes[..<75], answerTo: Self.token) == .other)
        #expect(KernelThreadEvents.Message([], answerTo: Self.token) == .other)
        bytes[16] = 5
        #expect(KernelThreadEvents.Message(bytes[...], answerTo: Self.token) == .other)
    }

    static let token: UInt32 = 0x0a0b_0c0d

    /// Sends an event, and then one that passes for certain, through a pair of sockets with the filter; what comes out
    /// before the latter.
    private func passed(_ event: ProcessEvent) throws -> [KernelThreadEvents.Message] {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0, &ends) == 0)
        let receiver = FileDescriptor(owning: ends[0])
        let sender = FileDescriptor(owning: ends[1])
        try KernelThreadEvents.filter(receiver.number, answersTo: Self.token)
        let last = ProcessEvent.fork(parent: 2, child: 4711)
        for bytes in [event.bytes, last.bytes] {
            try #require(send(sender.number, bytes, bytes.count, 0) == bytes.count)
        }
        var messages: [KernelThreadEvents.Message] = []
        while messages.last != .birth(4711) {
            var buffer = [UInt8](repeating: 0, count: 256)
            let count = recv(receiver.number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            try #require(count >= 0)
            messages.append(.init(buffer[..<count], answerTo: Self.token))
        }
        return messages.dropLast()
    }
}

/// A message of the proc connector, as `<linux/cn_proc.h>` lays it out, in the byte order of this machine.
struct ProcessEvent: Sendable, CustomTestStringConvertible {
    let testDescription: String
    private(set) var bytes: [UInt8]

    static func fork(parent: UInt32, parentProcess: UInt32? = nil, child: UInt32) -> ProcessEvent {
        ProcessEvent("fork \(parent) \(child)", what: 1, data: [parent, parentProcess ?? parent, child, child])
    }

    static func answer(token: UInt32, error: Int32) -> ProcessEvent {
        ProcessEvent("answer \(token) \(error)", what: 0, token: token, data: [UInt32(error)])
    }

    /// The answer to somebody else, with our token in the place for the count of messages.
    static func counted(as count: UInt32) -> ProcessEvent {
        ProcessEvent("message \(count)", what: 0, count: count, data: [])
    }

    static func other(what: UInt32) -> ProcessEvent {
        ProcessEvent("event \(what)", what: what, data: [2, 2, 2, 2, 2, 2])
    }

    /// A birth that ends after this many bytes.
    static func cut(_ count: Int) -> ProcessEvent {
        var event = ProcessEvent("cut at \(count)", what: 1, data: [2, 2, 7, 7])
        event.bytes.removeLast(event.bytes.count - count)
        return event
    }

    private init(_ description: String, what: UInt32, count: UInt32 = 0, token: UInt32 = 0, data: [UInt32]) {
        testDescription = description
        // Length, type (done), number, sender; family and member, count, answer to; length; what, CPU, time; data.
        let netlink: [UInt32] = [76, 3, 0, 0]
        let connector: [UInt32] = [1, 1, count, token, 40]
        let event: [UInt32] = [what, 0, 0, 0] + data + Array(repeating: 0, count: 6 - data.count)
        bytes = (netlink + connector + event).flatMap { word in withUnsafeBytes(of: word, Array.init) }
    }
}

/// A virtual machine without memory and CPUs, whose timer chip is a kernel thread.
private struct VirtualMachine: ~Copyable {
    let descriptor: FileDescriptor
    let threadName = "kvm-pit/\(CurrentProcess.id)"

    init() throws(Errno) {
        let device = try FileDescriptor.open("/dev/kvm", .readingAndWriting)
        // KVM_CREATE_VM, KVM_CREATE_IRQCHIP, KVM_CREATE_PIT.
        let machine = FileDescriptor(owning: try call { libc(ioctl(device.number, 0xae01, 0)) })
        let number = machine.number
        _ = try call { libc(ioctl(number, 0xae60, 0)) }
        _ = try call { libc(ioctl(number, 0xae64, 0)) }
        descriptor = machine
    }
}

/// The name of a task, or nothing when it has ended.
private func name(of task: Int32) -> String {
    let file = try? FileDescriptor.open("/proc/\(task)/comm", .reading).readAll()
    return text(file ?? []).split(separator: "\n").first.map(String.init) ?? ""
}

private func succeeds(_ body: () throws -> Void) -> Bool {
    (try? body()) != nil
}
