// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit

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
            remarks.append(.unreadable(path, "it is no text in UTF-8"))
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
        case .invalidArgument: "it is no regular file"
        case .tooManySymbolicLinks: "its symbolic links lead in a circle"
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
