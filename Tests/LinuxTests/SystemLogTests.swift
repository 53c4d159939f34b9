// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

@testable import Linux

@Suite("The log of the system")
struct SystemLogTests {
    @Test(
        "the journal is told first, in its own protocol",
        arguments: [
            (SystemLog.Severity.error, "3"), (.warning, "4"), (.notice, "5"), (.information, "6"), (.debug, "7"),
        ])
    func journal(severity: SystemLog.Severity, number: String) throws {
        let doubles = try Doubles(journal: true, syslog: true)
        #expect(doubles.log.log("é = 1", severity) == .journal)
        #expect(
            try doubles.receive(from: doubles.journal) == """
                PRIORITY=\(number)
                SYSLOG_FACILITY=3
                SYSLOG_IDENTIFIER=hook
                SYSLOG_PID=\(CurrentProcess.id)
                MESSAGE=é = 1

                """)
        #expect(try doubles.receive(from: doubles.syslog) == nil)
    }

    @Test("where there is no journal, syslog is told")
    func syslog() throws {
        let doubles = try Doubles(journal: false, syslog: true)
        #expect(doubles.log.log("granted 2-3", .warning) == .syslog)
        #expect(try doubles.receive(from: doubles.syslog) == "<28>hook[\(CurrentProcess.id)]: granted 2-3")
        #expect(doubles.log.log("x", .information) == .syslog)
        #expect(try doubles.receive(from: doubles.syslog) == "<30>hook[\(CurrentProcess.id)]: x")
    }

    @Test("where there is neither, nothing happens")
    func nobody() throws {
        let doubles = try Doubles(journal: false, syslog: false)
        #expect(doubles.log.log("x", .error) == .nobody)
        #expect(SystemLog(identifier: "hook", journal: .path(""), syslog: .path("a\0b")).log("x", .error) == .nobody)
    }

    @Test("a message can neither end its line nor add a field", arguments: ["\n", "\r\n", "\u{0}", "\u{1b}", "\u{9b}"])
    func oneLine(end: String) throws {
        let doubles = try Doubles(journal: true, syslog: true)
        doubles.log.log("a\(end)MESSAGE=b", .error)
        let entry = try #require(try doubles.receive(from: doubles.journal))
        #expect(entry.split(separator: "\n").count == 5)
        #expect(
            entry.hasSuffix("\nMESSAGE=a" + String(repeating: " ", count: end.unicodeScalars.count) + "MESSAGE=b\n"))
    }

    @Test("a name can neither")
    func oneName() throws {
        let doubles = try Doubles(journal: true, syslog: true, identifier: "a\nPRIORITY=0")
        doubles.log.log("x", .error)
        #expect(try doubles.receive(from: doubles.journal)?.split(separator: "\n").count == 5)
    }

    @Test("a message that is too long is cut, and what the cut leaves of a letter replaced")
    func longMessage() throws {
        let doubles = try Doubles(journal: true, syslog: true)
        #expect(doubles.log.log("x" + String(repeating: "é", count: 1 << 20), .error) == .journal)
        let entry = try #require(try doubles.receive(from: doubles.journal))
        #expect(entry.hasSuffix("MESSAGE=x" + String(repeating: "é", count: 2047) + "\u{fffd}\n"))
    }

    @Test("who does not read is not waited for, and the other one is told")
    func full() throws {
        let doubles = try Doubles(journal: true, syslog: true)
        var sent = 0
        while sent < 100_000, doubles.log.log(String(repeating: "x", count: 4096), .debug) == .journal { sent += 1 }
        #expect(sent > 0)
        #expect(sent < 100_000)
        #expect(try doubles.receive(from: doubles.syslog)?.hasPrefix("<31>hook[") == true)
    }
}

/// Two that listen, or not, in the place of the journal and of syslog.
private struct Doubles: ~Copyable {
    let directory: TemporaryDirectory
    let journal: FileDescriptor
    let syslog: FileDescriptor
    let log: SystemLog

    init(journal journalListens: Bool, syslog syslogListens: Bool, identifier: String = "hook") throws {
        let directory = try TemporaryDirectory()
        let (journalPath, syslogPath) = (directory.path + "/journal", directory.path + "/syslog")
        let journal = try LocalSocket.make(SOCK_DGRAM)
        let syslog = try LocalSocket.make(SOCK_DGRAM)
        if journalListens { try bind(journal, to: .path(journalPath)) }
        if syslogListens { try bind(syslog, to: .path(syslogPath)) }
        self.directory = directory
        self.journal = journal
        self.syslog = syslog
        log = SystemLog(identifier: identifier, journal: .path(journalPath), syslog: .path(syslogPath))
    }

    /// What was sent, or nil when nothing was.
    func receive(from listener: borrowing FileDescriptor) throws -> String? {
        var buffer = [UInt8](repeating: 0, count: 8192)
        let count = recv(listener.number, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count < 0 ? nil : text(Array(buffer[..<count]))
    }
}
