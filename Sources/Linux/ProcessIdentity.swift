// SPDX-License-Identifier: Apache-2.0

/// What tells a process from every other one on this machine, before and after: it can be written down.
package struct ProcessIdentity: Hashable, Sendable {
    /// The number of the process, which a later one can have too.
    package let number: Int32
    /// When it started, in clock ticks since boot: field 22 of `/proc/PID/stat`.
    package let startTime: UInt64
    /// Which boot that was.
    package let boot: String

    /// Takes what was written down.
    package init(number: Int32, startTime: UInt64, boot: String) {
        self.number = number
        self.startTime = startTime
        self.boot = boot
    }

    /// Asks which process has a number now.
    ///
    /// - Parameters:
    ///   - number: The number.
    ///   - processes: The directory `/proc`.
    /// - Returns: The process; it may be a dead one that nobody has waited for yet.
    /// - Throws: ``Errno/noSuchProcess`` if no process has the number, else the reason of the refusal.
    package static func of(_ number: Int32, in processes: borrowing FileDescriptor) throws(Errno) -> ProcessIdentity {
        if number <= 0 { throw .noSuchProcess }
        do throws(Errno) {
            let stat = try processes.open(beneath: "\(number)/stat", for: .reading).readAll(limit: 4096)
            guard let startTime = startTime(in: stat) else { throw .inputOutput }
            return ProcessIdentity(number: number, startTime: startTime, boot: try boot(in: processes))
        } catch .noSuchFileOrDirectory {
            throw .noSuchProcess
        }
    }

    /// Whether this very process still has its number: false once it has ended and was waited for.
    ///
    /// - Parameter processes: The directory `/proc`.
    /// - Returns: Whether it is the one that was written down.
    /// - Throws: The reason for which the kernel does not tell.
    package func isPresent(in processes: borrowing FileDescriptor) throws(Errno) -> Bool {
        do throws(Errno) {
            return try Self.of(number, in: processes) == self
        } catch .noSuchProcess {
            return false
        }
    }

    /// The name that the kernel gave itself when it booted, which is another one each time.
    ///
    /// - Parameter processes: The directory `/proc`.
    /// - Returns: The name, 36 letters.
    /// - Throws: The reason of the refusal.
    package static func boot(in processes: borrowing FileDescriptor) throws(Errno) -> String {
        let bytes = try processes.open(beneath: "sys/kernel/random/boot_id", for: .reading).readAll(limit: 64)
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    /// Finds field 22, counted from the last `)`: the name before it may hold spaces and parentheses.
    static func startTime(in stat: [UInt8]) -> UInt64? {
        guard let nameEnd = stat.lastIndex(of: UInt8(ascii: ")")) else { return nil }
        let fields = stat[(nameEnd + 1)...].split(separator: UInt8(ascii: " "))
        guard fields.count > 19 else { return nil }
        return UInt64(String(decoding: fields[19], as: UTF8.self))
    }
}
