// SPDX-License-Identifier: Apache-2.0

internal import Configuration
internal import Containers
internal import Linux

/// What the administrator wants, as far as it can be understood: a mistake in a file keeps no container from starting.
struct Settings {
    private(set) var containers = ContainersConfiguration()
    /// What was wrong, one line each.
    private(set) var warnings: [String] = []
    private let bytes: [UInt8]
    private let path: String

    /// Reads how containers are started.
    init(_ path: String) {
        self.path = path
        do throws(Errno) {
            bytes = try FileDescriptor.open(path, .reading, options: .nonBlocking).readAll(limit: 1 << 20)
        } catch {
            bytes = []
            if error != .noSuchFileOrDirectory { warnings.append("cannot read \(path): \(error)") }
            return
        }
        do throws(ConfigurationError) {
            containers = try ContainersConfiguration(reading: bytes)
        } catch {
            warnings.append("\(path) is not a valid configuration, and taken as if it said nothing: \(error)")
        }
    }

    /// How much real-time scheduling containers may have.
    ///
    /// - Throws: ``Refusal`` when the configuration is not valid as a whole, so that it cannot be told.
    func realtime() throws(Refusal) -> RealtimeLimits {
        do throws(ConfigurationError) {
            return try Configuration(reading: bytes).realtime
        } catch {
            throw Refusal("\(path) is not a valid configuration: \(error)")
        }
    }
}
