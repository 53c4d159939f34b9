// SPDX-License-Identifier: Apache-2.0

internal import JSON
package import MachineKit

/// The inverses of what was done, on disk before it is done: one JSON object a line in `/run/rtshield/journal`.
///
/// `/run` does not outlive a boot, and neither do cgroups and affinities. Each line is one `write(2)` followed by `fsync(2)`, so
/// that after `kill -9` at most the last line is torn, and its step was not begun.
package struct Journal: Sendable {
    package static let file = KernelFile(.state, "journal")
    private static let format = 2
    /// Formats that are read; what they have differently, the values of the entries tell.
    private static let readable = 1...2
    /// The most bytes of a line; the tasks that a machine has may be in one.
    private static let longestLine = 64 << 20

    /// What stands at the top.
    package struct Header: Hashable, Sendable, Codable {
        package var format: Int
        package var bootID: String
        /// When the shield was begun, in clock ticks since boot.
        package var ticks: UInt64
    }

    /// The shield that the entries after it lead to.
    package struct Intent: Hashable, Sendable, Codable {
        package var shield: Shield
        package var strategy: StrategyChoice
    }

    /// One line.
    package struct Entry: Hashable, Sendable, Codable {
        package var header: Header?
        package var intent: Intent?
        package var undo: Step?
        /// What the kernel did not take, so that there is nothing to undo.
        package var refused: [RefusedWrite]?
        /// Affinities that tasks chose under the shield, which ending it must not wipe (kernels before 6.2).
        package var chosen: AffinityRecord?
        /// Set when a create was refused or interrupted, so that what is on disk is no whole shield.
        package var done: Bool?
    }

    package private(set) var entries: [Entry]
    /// What the entries come to; kept with them, because it is asked for before every step.
    package private(set) var applied = AppliedState()
    /// Whether the file ends in the middle of a line, to which nothing may be added.
    private var isTorn = false

    /// A journal for a shield that is about to be begun.
    package init(bootID: String, ticks: UInt64) {
        entries = [Entry(header: Header(format: Self.format, bootID: bootID, ticks: ticks))]
    }

    /// Reads the journal of a machine; nil when there is none, or it is of another boot.
    package init?(of machine: any Machine, bootID: String) throws(JournalError) {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try machine.bytes(of: Self.file)
        } catch {
            guard error.isAbsence else { throw .unreadable(error) }
            return nil
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        entries = []
        isTorn = bytes.last != UInt8(ascii: "\n")
        for (index, line) in lines.enumerated() {
            if let entry = Self.decoded(line) {
                entries.append(entry)
            } else if index < lines.count - 1 {
                throw .damaged(path: machine.path(of: Self.file), line: index + 1)
            }
        }
        applied = AppliedState(entries)
        guard let header else { return nil }
        guard Self.readable.contains(header.format) else { throw .otherFormat(header.format) }
        if header.bootID != bootID { return nil }
    }

    /// Reads the shield that stands, and nothing else of the journal; nil when there is none, or when it is not whole.
    ///
    /// A line for each change makes a journal long, and only two kinds of them tell of the shield; each begins with its key.
    package static func shield(on machine: any Machine, bootID: String) -> Shield? {
        guard let bytes = try? machine.bytes(of: file) else { return nil }
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first, decoded(first)?.header?.bootID == bootID else { return nil }
        let marks = ["{\"intent\":", "{\"done\":"].map { Array($0.utf8) }
        var isWhole: Bool?
        for line in lines.reversed() where marks.contains(where: line.starts) {
            guard let entry = decoded(line) else {
                // A torn last line was not begun.
                if line.endIndex == lines.last?.endIndex { continue }
                return nil
            }
            if isWhole == nil { isWhole = entry.done }
            if let intent = entry.intent { return isWhole == true ? intent.shield : nil }
        }
        return nil
    }

    private static func decoded(_ line: ArraySlice<UInt8>) -> Entry? {
        try? Node(parsing: Array(line), limit: longestLine).decoded(as: Entry.self)
    }

    package var header: Header? { entries.first?.header }

    /// The shield that is in place, or was being made.
    package var intent: Intent? { entries.last { $0.intent != nil }?.intent }

    /// Every shield that was in place, or was being made.
    package var shields: [Shield] { entries.compactMap { $0.intent?.shield } }

    /// Whether the last change came to its end.
    package var isComplete: Bool { entries.last { $0.intent != nil || $0.done != nil }?.done == true }

    /// The inverses, in the order in which the steps were done.
    package var undo: [Step] { entries.compactMap(\.undo) }

    /// Affinities that tasks chose under the shield, once it began to end.
    package var chosen: [AffinityRecord] { entries.compactMap(\.chosen) }

    // MARK: - Writing

    /// Puts a line on disk.
    package mutating func append(_ entry: Entry, on machine: any Machine) throws(FileError) {
        let isFirst = entries.count == 1
        entries.append(entry)
        applied.note(entry)
        if isFirst || isTorn { return try rewrite(on: machine) }
        try machine.append(Self.line(entry), to: Self.file)
    }

    /// Cuts the journal back to its first entries.
    package mutating func truncate(to count: Int, on machine: any Machine) throws(FileError) {
        entries = Array(entries.prefix(count))
        applied = AppliedState(entries)
        try rewrite(on: machine)
    }

    /// Keeps only the undo steps that could not be done yet.
    package mutating func keep(only steps: [Step], on machine: any Machine) throws(FileError) {
        entries =
            entries.filter { $0.header != nil } + [Entry(intent: intent)].filter { $0.intent != nil }
            + entries.filter { $0.chosen != nil }
        entries += steps.map { Entry(undo: $0) }
        applied = AppliedState(entries)
        try rewrite(on: machine)
    }

    /// Removes the journal: nothing is left to undo.
    package static func remove(on machine: any Machine) throws(FileError) {
        do throws(FileError) {
            try machine.removeFile(file)
        } catch  where error.isAbsence {
            return
        }
    }

    private mutating func rewrite(on machine: any Machine) throws(FileError) {
        try machine.replaceFile(Self.file, with: entries.map(Self.line).joined())
        isTorn = false
    }

    private static func line(_ entry: Entry) -> String {
        // Whatever an entry holds is text, CPUs and small numbers.
        guard let value = try? Value(encoding: entry) else { return "" }
        return value.text + "\n"
    }
}

/// Why a journal cannot be used.
package enum JournalError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(FileError)
    case damaged(path: String, line: Int)
    case otherFormat(Int)

    package var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .damaged(let path, let line): "\(path), line \(line): not a journal entry; the machine was left as it is"
        case .otherFormat(let format):
            "the journal has format \(format), which this rtshield does not know; use the one that made the shield"
        }
    }
}
