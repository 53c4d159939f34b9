// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Linux

@Suite("System calls")
struct SystemCallTests {
    @Test("a call that a signal interrupts is made again")
    func interruption() throws {
        var answers: [Int32] = [-4, -4, 7]
        let value = try call { answers.removeFirst() }
        #expect(value == 7)
        #expect(answers.isEmpty)
    }

    @Test("any other refusal is thrown after one call")
    func refusal() {
        var calls = 0
        let error = #expect(throws: Errno.self) {
            _ = try call { () -> Int32 in
                calls += 1
                return -16
            }
        }
        #expect(error == .busy)
        #expect(calls == 1)
    }

    @Test("a text that C would cut short is refused before it names another file")
    func embeddedNUL() throws {
        let directory = try TemporaryDirectory()
        directory.file("a", holding: "x")
        let name = "a\0b"
        #expect(throws: Errno.invalidArgument) { _ = try directory.descriptor.open(beneath: name, for: .reading) }
        #expect(throws: Errno.invalidArgument) { _ = try FileDescriptor.open("\(directory.path)/\(name)", .reading) }
        #expect(throws: Errno.invalidArgument) { try directory.descriptor.removeFile(name) }
        #expect(throws: Errno.invalidArgument) { _ = try ChildProcess.run(["true", name]) }
    }
}
