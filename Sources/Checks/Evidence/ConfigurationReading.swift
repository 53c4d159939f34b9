// SPDX-License-Identifier: Apache-2.0

import Configuration
import Linux
import MachineKit

/// What `/etc/rtshield/config.yaml` of a machine says, or everything that is wrong with it.
struct ConfigurationReading: Sendable {
    /// Nil when there is none, or something is wrong with it.
    private(set) var configuration: Configuration?
    /// What is wrong with it, each with its place.
    private(set) var faults: [String] = []

    /// Takes one that was read already.
    init(_ configuration: Configuration) { self.configuration = configuration }

    /// Reads that of a machine.
    init(_ files: HostFiles) {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try files.bytes(of: Configuration.path)
        } catch {
            if !error.isAbsence, error.errno != .notDirectory {
                faults = ["\(Configuration.path) cannot be read: \(HostFiles.reason(error))"]
            }
            return
        }
        do throws(ConfigurationError) {
            configuration = try Configuration(reading: bytes)
        } catch {
            faults = error.problems.map { "\(Configuration.path):\($0.line):\($0.column): \($0.message)" }
        }
    }
}
