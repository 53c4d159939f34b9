// SPDX-License-Identifier: Apache-2.0

import Glibc
import Text

/// Where a program leaves lines for the administrator of the machine: the journal, or syslog where there is none.
///
/// The kernel of neither is asked for a receipt: who logs never waits, and never fails because logging does.
package struct SystemLog: Hashable, Sendable {
    /// The longest message, in bytes; what is beyond is cut, so that one datagram holds it.
    package static let messageLimit = 4096

    private let identifier: String
    private let journal: LocalSocket.Address
    private let syslog: LocalSocket.Address

    /// Logs under a name.
    ///
    /// - Parameters:
    ///   - identifier: What the lines are found by, such as the name of the program.
    ///   - journal: Where the journal listens.
    ///   - syslog: Where syslog listens.
    package init(
        identifier: String, journal: LocalSocket.Address = .path("/run/systemd/journal/socket"),
        syslog: LocalSocket.Address = .path("/dev/log")
    ) {
        self.identifier = identifier
        self.journal = journal
        self.syslog = syslog
    }

    /// Logs one line.
    ///
    /// Characters that would end the line, or move a cursor, become spaces: who shapes a part of the message cannot
    /// shape the log.
    ///
    /// - Parameters:
    ///   - message: The line, without its end.
    ///   - severity: How much it matters.
    /// - Returns: Who took it.
    ///
    /// The corresponding C functions are `sd_journal_send` and `syslog`.
    @discardableResult
    package func log(_ message: String, _ severity: Severity) -> Destination {
        let message = Self.line(message)
        if send(journalEntry(message, severity), to: journal) { return .journal }
        if send(syslogEntry(message, severity), to: syslog) { return .syslog }
        return .nobody
    }

    /// The native protocol, https://systemd.io/JOURNAL_NATIVE_PROTOCOL: a field a line, which no value can end.
    private func journalEntry(_ message: String, _ severity: Severity) -> String {
        """
        PRIORITY=\(severity.rawValue)
        SYSLOG_FACILITY=\(Self.daemons)
        SYSLOG_IDENTIFIER=\(Self.line(identifier))
        SYSLOG_PID=\(CurrentProcess.id)
        MESSAGE=\(message)

        """
    }

    /// RFC 3164 without the time, which whoever receives it adds: ours would need the files of the local time zone.
    private func syslogEntry(_ message: String, _ severity: Severity) -> String {
        "<\(Self.daemons << 3 | severity.rawValue)>\(Self.line(identifier))[\(CurrentProcess.id)]: \(message)"
    }

    /// The facility of programs that serve the system.
    ///
    /// The corresponding C constant is `LOG_DAEMON`.
    private static let daemons = 3

    private func send(_ entry: String, to address: LocalSocket.Address) -> Bool {
        do throws(Errno) {
            try LocalSocket.send(datagram: entry, to: address)
            return true
        } catch {
            return false
        }
    }

    private static func line(_ text: String) -> String {
        String(decoding: text.utf8.prefix(messageLimit), as: UTF8.self).withoutControlCharacters
    }
}

extension SystemLog {
    /// How much a line matters; the numbers are those of syslog.
    package enum Severity: Int, Hashable, Sendable, CaseIterable {
        /// Something failed.
        case error = 3
        /// Something may fail, or was not done.
        case warning
        /// Something rare happened, as it should.
        case notice
        /// Something happened, as it should.
        case information
        /// Something that only whoever looks for a fault wants to know.
        case debug
    }

    /// Who takes a line.
    package enum Destination: Hashable, Sendable {
        /// The journal of systemd.
        case journal
        /// The daemon of syslog.
        case syslog
        /// Neither; the line is lost.
        case nobody
    }
}
