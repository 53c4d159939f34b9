// SPDX-License-Identifier: Apache-2.0

import Configuration
import Linux
import Text

/// Reads a configuration file, and says all that is wrong with it.
enum ConfigurationFile {
    /// Reads that of a machine; one without a file has the configuration that says nothing.
    static func ofMachine(_ path: String) throws(Failure) -> Configuration {
        do throws(ConfigurationFileError) { return try .ofMachine(path) } catch { throw Failure(error) }
    }

    static func read(_ path: String) throws(Failure) -> Configuration {
        do throws(ConfigurationFileError) { return try Configuration(file: path) } catch { throw Failure(error) }
    }
}

extension Failure {
    fileprivate init(_ error: ConfigurationFileError) {
        switch error {
        case .unreadable(let error, let path):
            self.init(
                "cannot read \(path): \(error)", try: "create it (see docs/config.md), or give another file",
                status: Exit.usage)
        case .invalid(let error, let path):
            self.init("\(path) is not a valid configuration; nothing was changed", status: Exit.usage)
            problem.details = error.problems.flatMap { problem in
                ["\(path):\(problem.line):\(problem.column): \(problem.message)"]
                    + (problem.hint.isEmpty ? [] : ["  \(problem.hint)"])
            }
        }
    }
}
