// SPDX-License-Identifier: Apache-2.0

package import Linux

extension Configuration {
    /// Reads a configuration file.
    ///
    /// - Throws: ``ConfigurationFileError`` when it cannot be read, or with everything that is wrong in it.
    package init(file path: String) throws(ConfigurationFileError) {
        let bytes: [UInt8]
        do throws(Errno) {
            bytes = try FileDescriptor.open(path, .reading).readAll(limit: 1 << 20)
        } catch {
            throw .unreadable(error, path: path)
        }
        do throws(ConfigurationError) {
            try self.init(reading: bytes)
        } catch {
            throw .invalid(error, path: path)
        }
    }

    /// Reads the configuration of a machine; one without a file has that which says nothing.
    ///
    /// - Throws: ``ConfigurationFileError`` when the file is there and cannot be read, or with everything that is wrong in it.
    package static func ofMachine(_ path: String = Self.path) throws(ConfigurationFileError) -> Configuration {
        do throws(ConfigurationFileError) {
            return try Configuration(file: path)
        } catch .unreadable(.noSuchFileOrDirectory, _) {
            return Configuration()
        }
    }
}

/// Why a configuration file cannot be used.
package enum ConfigurationFileError: Error, Hashable, Sendable {
    /// It cannot be read.
    case unreadable(Errno, path: String)
    /// What it says is wrong.
    case invalid(ConfigurationError, path: String)
}
