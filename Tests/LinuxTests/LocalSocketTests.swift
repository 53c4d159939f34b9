// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("Questions to another process")
struct LocalSocketTests {
    @Test("the question arrives with who asks, and the answer comes back whole", arguments: [false, true])
    func answer(abstract: Bool) throws {
        let directory = try TemporaryDirectory()
        let name = directory.path + "/socket"
        let address = abstract ? LocalSocket.Address.abstract(name) : .path(name)
        let whole = String(repeating: "0123456789", count: 30_000)
        let server = try Server(address, answering: [whole, "é\n"])
        #expect(try LocalSocket.ask(address, "settings\n", timeout: .seconds(30)) == whole + "é\n")
        let received = try #require(server.received())
        #expect(received.message == "settings\n")
        #expect(received.credentials == [UInt32(CurrentProcess.id), geteuid(), getegid()])
    }

    @Test("the message itself says who asks")
    func credentials() throws {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let sender = FileDescriptor(owning: ends[0])
        let receiver = FileDescriptor(owning: ends[1])
        try LocalSocket.send("x", to: sender)
        #expect(takeQuestion(from: receiver).credentials == [UInt32(CurrentProcess.id), geteuid(), getegid()])
    }

    @Test("an answer beyond the limit is refused, and one up to it is not")
    func limit() throws {
        let directory = try TemporaryDirectory()
        let address = LocalSocket.Address.path(directory.path + "/socket")
        do {
            let server = try Server(address, answering: ["12345"])
            #expect(try LocalSocket.ask(address, "x", limit: 5, timeout: .seconds(30)) == "12345")
            _ = server.received()
        }
        try directory.descriptor.removeFile("socket")
        let server = try Server(address, answering: ["12345"])
        #expect(throws: Errno.fileTooLarge) { _ = try LocalSocket.ask(address, "x", limit: 4, timeout: .seconds(30)) }
        _ = server.received()
    }

    @Test("who never answers, and who does not even accept, is not waited for")
    func silence() throws {
        let directory = try TemporaryDirectory()
        let address = LocalSocket.Address.path(directory.path + "/socket")
        let listener = try listen(at: address, backlog: 0)
        // The first is taken into the queue, and waits for its answer; the second finds the queue full.
        let first = try LocalSocket.make(SOCK_STREAM)
        var (encoded, size) = try address.encoded()
        try #require(withSocketAddress(&encoded) { encoded, _ in connect(first.number, encoded, size) } == 0)
        #expect(throws: Errno.timedOut) { _ = try LocalSocket.ask(address, "x", timeout: .milliseconds(50)) }
        let accepted = FileDescriptor(owning: accept(listener.number, nil, nil))
        try #require(accepted.number >= 0)
        #expect(throws: Errno.timedOut) { _ = try LocalSocket.ask(address, "x", timeout: .milliseconds(50)) }
        #expect(throws: Errno.timedOut) { _ = try LocalSocket.ask(address, "x", timeout: .zero) }
    }

    @Test("where nobody listens, the reason is told")
    func nobody() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/socket"
        #expect(throws: Errno.noSuchFileOrDirectory) {
            _ = try LocalSocket.ask(.path(path), "x", timeout: .seconds(1))
        }
        #expect(throws: Errno.connectionRefused) {
            _ = try LocalSocket.ask(.abstract(path), "x", timeout: .seconds(1))
        }
    }

    @Test("an address that is none is refused")
    func addresses() throws {
        for name in ["a\0b", ""] {
            #expect(throws: Errno.invalidArgument) { _ = try LocalSocket.Address.path(name).encoded() }
            #expect(throws: Errno.invalidArgument) { _ = try LocalSocket.Address.abstract(name).encoded() }
        }
        let longest = String(repeating: "a", count: 107)
        #expect(try LocalSocket.Address.path(longest).encoded().size == 110)
        #expect(try LocalSocket.Address.abstract(longest).encoded().size == 110)
        #expect(throws: Errno.nameTooLong) { _ = try LocalSocket.Address.path(longest + "a").encoded() }
        #expect(throws: Errno.nameTooLong) { _ = try LocalSocket.Address.abstract(longest + "a").encoded() }
    }
}

@Suite("Words to the service manager")
struct ServiceNotifierTests {
    @Test("a service manager hears what it is told, each time in one message", arguments: ["", "@"])
    func words(prefix: String) throws {
        let directory = try TemporaryDirectory()
        let name = directory.path + "/notify"
        let listener = try LocalSocket.make(SOCK_DGRAM)
        try bind(listener, to: prefix.isEmpty ? .path(name) : .abstract(name))
        let notifier = ServiceNotifier(socket: prefix + name)
        try notifier.notify("READY=1\nSTATUS=é")
        try notifier.notify("STOPPING=1")
        #expect(try receive(from: listener) == "READY=1\nSTATUS=é")
        #expect(try receive(from: listener) == "STOPPING=1")
    }

    @Test("nobody is told where there is nobody, and a service manager that is gone is an error")
    func nobody() throws {
        #expect(throws: Never.self) { try ServiceNotifier(socket: nil).notify("READY=1") }
        #expect(throws: Never.self) { try ServiceNotifier(socket: "").notify("READY=1") }
        let directory = try TemporaryDirectory()
        let path = directory.path + "/notify"
        #expect(throws: Errno.noSuchFileOrDirectory) { try ServiceNotifier(socket: path).notify("READY=1") }
        #expect(throws: Errno.connectionRefused) { try ServiceNotifier(socket: "@" + path).notify("READY=1") }
        #expect(throws: Errno.invalidArgument) { try ServiceNotifier(socket: "@").notify("READY=1") }
    }

    private func receive(from listener: borrowing FileDescriptor) throws -> String {
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = recv(listener.number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        try #require(count >= 0)
        return text(Array(buffer[..<count]))
    }
}

/// What one client said, and who it claimed to be.
private struct Question: Sendable {
    let message: String
    /// Process, user, group.
    let credentials: [UInt32]
}

/// Another side, which takes one question and gives one answer, in pieces.
private final class Server {
    private let question = Box<Question>()
    private let thread: Thread

    init(_ address: LocalSocket.Address, answering pieces: [String]) throws {
        let listener = try listen(at: address, backlog: 1)
        let number = fcntl(listener.number, F_DUPFD_CLOEXEC, 0)
        let question = question
        thread = Thread {
            let listener = FileDescriptor(owning: number)
            let client = FileDescriptor(owning: accept(listener.number, nil, nil))
            question.value = takeQuestion(from: client)
            for piece in pieces { try? writeWhole(piece, to: client.number) }
            // A child of another test may hold the connection open.
            shutdown(client.number, Int32(SHUT_WR))
        }
    }

    /// The question; waits until the answer was given.
    func received() -> Question? {
        thread.join()
        return question.value
    }
}

/// Takes one message with its control message, which starts with 16 bytes of length, level and type.
private func takeQuestion(from client: borrowing FileDescriptor) -> Question {
    // Asked for only when the message is there, so that the kernel cannot add what the client left out.
    _ = try? Poller.wait(for: [.init(client.number)])
    var yes: Int32 = 1
    setsockopt(client.number, SOL_SOCKET, SO_PASSCRED, &yes, 4)
    var bytes = [UInt8](repeating: 0, count: 4096)
    var control = [UInt32](repeating: 0, count: 16)
    let count = bytes.withUnsafeMutableBytes { bytes in
        control.withUnsafeMutableBytes { control in
            var part = iovec(iov_base: bytes.baseAddress, iov_len: bytes.count)
            return withUnsafeMutablePointer(to: &part) { part in
                var message = msghdr()
                message.msg_iov = part
                message.msg_iovlen = 1
                message.msg_control = control.baseAddress
                message.msg_controllen = control.count
                return recvmsg(client.number, &message, 0)
            }
        }
    }
    return Question(message: text(Array(bytes.prefix(max(count, 0)))), credentials: Array(control[4..<7]))
}

private func listen(at address: LocalSocket.Address, backlog: Int32) throws -> FileDescriptor {
    let listener = try LocalSocket.make(SOCK_STREAM)
    try bind(listener, to: address)
    try #require(Glibc.listen(listener.number, backlog) == 0)
    return listener
}

func bind(_ socket: borrowing FileDescriptor, to address: LocalSocket.Address) throws {
    let number = socket.number
    var (encoded, size) = try address.encoded()
    try #require(withSocketAddress(&encoded) { encoded, _ in Glibc.bind(number, encoded, size) } == 0)
}
