// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit

/// A configuration of lines `key = value` below headers in brackets, as systemd, tuned, nova and shell-like files have them.
///
/// What is neither a header nor a setting is passed over: no line of such a file keeps the others from being understood.
struct Settings: Sendable {
    /// One setting.
    struct Setting: Hashable, Sendable {
        /// The header that it stands below, without brackets; empty above the first.
        var section: String
        var key: String
        /// The value as it is written, without the blanks and one pair of quotes around it.
        var value: String
        /// The line that it begins in, from 1.
        var line: Int
    }

    private(set) var all: [Setting] = []

    init(_ text: String) {
        var section = ""
        // A line that ends in a backslash goes on in the next.
        var whole = ""
        var first: Int?
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = Self.trimmed(line)
            if first == nil, words.isEmpty || words.hasPrefix("#") || words.hasPrefix(";") { continue }
            let isContinued = words.hasSuffix("\\")
            whole += (first == nil ? "" : " ") + (isContinued ? words.dropLast() : words[...])
            let begin = first ?? number + 1
            first = isContinued ? begin : nil
            guard !isContinued else { continue }
            if whole.hasPrefix("["), whole.hasSuffix("]") {
                section = String(whole.dropFirst().dropLast())
            } else if let setting = Self.setting(whole, in: section, begin) {
                all.append(setting)
            }
            whole = ""
        }
    }

    /// The last setting of a key.
    subscript(_ key: String, in section: String = "") -> Setting? {
        all.last { $0.key == key && $0.section == section }
    }

    private static func setting(_ line: String, in section: String, _ number: Int) -> Setting? {
        guard let sign = line.firstIndex(of: "=") else { return nil }
        let key = trimmed(line[..<sign])
        let word = key.hasPrefix("export ") ? String(key.dropFirst("export ".count)) : key
        return Setting(section: section, key: word, value: unquoted(trimmed(line[sign...].dropFirst())), line: number)
    }

    private static func unquoted(_ value: String) -> String {
        guard let quote = value.first, quote == "\"" || quote == "'", value.count > 1, value.last == quote else {
            return value
        }
        return String(value.dropFirst().dropLast())
    }

    private static func trimmed(_ text: some StringProtocol) -> String { String(text.trimmingASCIISpace()) }
}

extension HostFiles {
    /// The text of a configuration; nil when it is missing, and with a remark when it cannot be read.
    ///
    /// - Parameters:
    ///   - path: Its path on the machine.
    ///   - remarks: Where it is said that, and why, it cannot be read.
    /// - Returns: The text.
    func text(of path: String, complaining remarks: inout [RuleResult]) -> String? {
        do throws(FileError) {
            let bytes = try bytes(of: path)
            if let text = String(validating: bytes, as: UTF8.self) { return text }
            remarks.append(.unreadable(path, "it is not UTF-8 text"))
        } catch {
            guard !error.isAbsence, error.errno != .notDirectory else { return nil }
            remarks.append(.unreadable(path, Self.reason(error)))
        }
        return nil
    }

    /// Why a file cannot be read, in the words of a person.
    static func reason(_ error: FileError) -> String {
        switch error.errno {
        case .fileTooLarge: "it is larger than \(largest >> 20) MiB"
        case .invalidArgument: "it is not a regular file"
        case .tooManySymbolicLinks: "its symbolic links form a loop"
        default: "\(error.errno)"
        }
    }
}

extension RuleResult {
    /// A configuration that cannot be read, so that nobody can tell what it says.
    static func unreadable(_ path: String, _ reason: String) -> RuleResult {
        .warning(
            "\(path) cannot be read: \(reason)", wanted: "a regular text file", fix: "ls -lL \(path); file -L \(path)")
    }
}
