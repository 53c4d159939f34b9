// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("Calls to PID 1")
struct ManagerBusTests {
    /// A signal with a body, as systemd sends them to whoever is connected, and the two kinds of answer without one.
    private static let signal = message(4, fields: 3, body: 5)
    private static let done = message(2, fields: 8, body: 0)
    private static let refused = message(3, fields: 9, body: 12)

    private static func message(_ type: UInt8, fields: UInt8, body: UInt8) -> [UInt8] {
        let head: [UInt8] = [UInt8(ascii: "l"), type, 1, 1, body, 0, 0, 0, 7, 0, 0, 0, fields, 0, 0, 0]
        return head + [UInt8](repeating: 1, count: Int(fields + 7) / 8 * 8 + Int(body))
    }

    @Test("a call is laid out as the specification has it, with the lowest CPU in the lowest bit")
    func layout() throws {
        let call = BusCall.setAllowedCPUs([0xc3], of: "a.scope")
        #expect(call.prefix(4) == [UInt8(ascii: "l"), 1, 0, 1])
        let body = Int(call[4]), fields = Int(call[12])
        #expect(call[8...11] == [1, 0, 0, 0] && call.count == 16 + (fields + 7) / 8 * 8 + body)
        var wanted: [UInt8] = [7, 0, 0, 0] + Array("a.scope".utf8) + [0]
        // True, and the length of the array without the padding before its first structure.
        wanted += [1, 0, 0, 0] + [25, 0, 0, 0] + [0, 0, 0, 0]
        wanted += [11, 0, 0, 0] + Array("AllowedCPUs".utf8) + [0]
        wanted += [2] + Array("ay".utf8) + [0] + [1, 0, 0, 0] + [0xc3]
        #expect(Array(call.suffix(body)) == wanted)
    }

    @Test(
        "signals before the answer are passed over, and an answer in pieces is put together", arguments: [true, false])
    func answers(isDone: Bool) throws {
        let bytes = Self.signal + Self.signal + (isDone ? Self.done : Self.refused)
        var answer = BusAnswer()
        for (index, byte) in bytes.enumerated() {
            answer.bytes.append(byte)
            #expect(try answer.isDone() == (index == bytes.count - 1 ? isDone : nil))
        }
    }

    @Test("a length that no answer has is refused")
    func tooLong() throws {
        var answer = BusAnswer()
        answer.bytes = Self.done
        answer.bytes[7] = 0x7f
        #expect(throws: Errno.fileTooLarge) { _ = try answer.isDone() }
    }

    @Test("systemd is greeted, then called, and its word counts", arguments: [true, false])
    func call(isDone: Bool) throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/private"
        let listener = try LocalSocket.make(SOCK_STREAM)
        try bind(listener, to: .path(path))
        try #require(listen(listener.number, 1) == 0)
        let number = fcntl(listener.number, F_DUPFD_CLOEXEC, 0)
        let heard = Box<[UInt8]>()
        let answer = Self.signal + (isDone ? Self.done : Self.refused)
        let thread = Thread {
            let listener = FileDescriptor(owning: number)
            let client = FileDescriptor(owning: accept(listener.number, nil, nil))
            let deadline = Deadline(after: .seconds(30))
            let greeting = (try? LocalSocket.receive(from: client, until: deadline)) ?? []
            try? LocalSocket.send(bytes: Array("OK 0123\r\n".utf8), to: client)
            heard.value = greeting + ((try? LocalSocket.receive(from: client, until: deadline)) ?? [])
            try? LocalSocket.send(bytes: answer, to: client)
        }
        let outcome = Result {
            try ManagerBus.setAllowedCPUs([0xc3], of: "a.scope", at: .path(path), timeout: .seconds(30))
        }
        thread.join()
        let user = "\(geteuid())".utf8.map { String($0, radix: 16) }.joined()
        #expect(
            heard.value == Array("\0AUTH EXTERNAL \(user)\r\nBEGIN\r\n".utf8)
                + BusCall.setAllowedCPUs([0xc3, 0, 0, 0, 0, 0, 0, 0], of: "a.scope"))
        switch outcome {
        case .success: #expect(isDone)
        case .failure(let error): #expect(!isDone && error as? Errno == .inputOutput)
        }
    }

    @Test("where PID 1 is not systemd, or does not answer in time, that is told")
    func nobody() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/private"
        #expect(throws: Errno.noSuchFileOrDirectory) {
            try ManagerBus.setAllowedCPUs([], of: "a.scope", at: .path(path), timeout: .seconds(1))
        }
        let listener = try LocalSocket.make(SOCK_STREAM)
        try bind(listener, to: .path(path))
        try #require(listen(listener.number, 1) == 0)
        #expect(throws: Errno.timedOut) {
            try ManagerBus.setAllowedCPUs([], of: "a.scope", at: .path(path), timeout: .milliseconds(50))
        }
    }
}
