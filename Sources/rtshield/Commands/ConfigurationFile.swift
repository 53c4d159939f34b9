// SPDX-License-Identifier: Apache-2.0

import Configuration
import Linux
import Text

/// Reads a configuration file, and says all that is wrong with it.
enum ConfigurationFile {
    /// Reads that of this machine; nil when it has none.
    static func ofMachine(_ path: String = Configuration.path) throws(Failure) -> Configuration? {
        do throws(Errno) {
            _ = try FileDescriptor.open(path, .reading)
        } catch .noSuchFileOrDirectory {
            return nil
        } catch {}
        return try read(path)
    }

    static func read(_ path: String) throws(Failure) -> Configuration {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try FileDescriptor.open(path, .reading).readAll(limit: 1 << 20)
        } catch {
            throw Failure(
                "cannot read \(path): \(error)", try: "create it (see docs/config.md), or give another file",
                status: Exit.usage)
        }
        do throws(ConfigurationError) {
            return try Configuration(reading: bytes)
        } catch {
            var failure = Failure("\(path) is not a valid configuration; nothing was changed", status: Exit.usage)
            failure.problem.details = error.problems.flatMap { problem in
                ["\(path):\(problem.line):\(problem.column): \(problem.message)"]
                    + (problem.hint.isEmpty ? [] : ["  \(problem.hint)"])
            }
            throw failure
        }
    }
}
