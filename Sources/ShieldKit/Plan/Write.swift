// SPDX-License-Identifier: Apache-2.0

package import Linux
package import MachineKit

/// One value for one control file.
package struct Write: Hashable, Sendable {
    package var file: ControlFile
    /// What the file holds before.
    package var old: ControlValue
    /// What it is to hold.
    package var new: ControlValue
    /// Why, in words that follow "because" or stand alone.
    package var why: String

    package init(_ file: ControlFile, old: ControlValue, new: ControlValue, why: String) {
        self.file = file
        self.old = old
        self.new = new
        self.why = why
    }

    package var inverse: Write { Write(file, old: new, new: old, why: "put back: " + why) }

    /// What the file holds before, as the file writes it down.
    package var oldText: String { file.text(old) }
    /// What is written to the file.
    package var newText: String { file.text(new) }
}

extension Write: Codable {
    private enum CodingKeys: String, CodingKey { case file, old, new, why }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let file = try container.decode(ControlFile.self, forKey: .file)
        self.init(
            file, old: try container.decodeValue(of: file, forKey: .old),
            new: try container.decodeValue(of: file, forKey: .new),
            why: try container.decode(String.self, forKey: .why))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(oldText, forKey: .old)
        try container.encode(newText, forKey: .new)
        try container.encode(why, forKey: .why)
    }
}

extension KeyedDecodingContainer {
    /// Reads the text of a value, as its file writes it down.
    package func decodeValue(of file: ControlFile, forKey key: Key) throws -> ControlValue {
        guard let value = file.value(in: try decode(String.self, forKey: key)) else {
            throw DecodingError.dataCorruptedError(forKey: key, in: self, debugDescription: "no value of this file")
        }
        return value
    }
}

/// A value that the kernel did not take: a fact about the machine, not a failure.
package struct RefusedWrite: Hashable, Sendable, Codable {
    package var file: ControlFile
    /// What was to be written.
    package var value: ControlValue
    /// Why not; nil when the kernel took it and holds something else.
    package var errno: Errno?

    package init(_ file: ControlFile, value: ControlValue, errno: Errno?) {
        self.file = file
        self.value = value
        self.errno = errno
    }

    /// Whether trying again is pointless: the kernel alone sets this file.
    ///
    /// An interrupt whose affinity the kernel manages, or cannot set, gives EIO up to 6.11 and EPERM since; a knob without the
    /// hardware for it gives 524 (ENOTSUPP, which user space has no name for) or EACCES.
    package var isFinal: Bool {
        errno.map { Self.final.contains($0) } ?? false
    }

    private static let final: Set<Errno> = [
        .inputOutput, .notPermitted, .permissionDenied, .notSupported, .internallyNotSupported,
    ]

    private enum CodingKeys: String, CodingKey { case file, value, errno }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        file = try container.decode(ControlFile.self, forKey: .file)
        value = try container.decodeValue(of: file, forKey: .value)
        errno = try container.decodeIfPresent(Int32.self, forKey: .errno).map { Errno(rawValue: $0) }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(file.text(value), forKey: .value)
        try container.encodeIfPresent(errno?.rawValue, forKey: .errno)
    }
}
