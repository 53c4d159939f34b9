// SPDX-License-Identifier: Apache-2.0

internal import JSON
internal import Linux
package import MachineKit
import ShieldKit

extension Ledger {
    /// The most bytes of a ledger.
    private static let largest = 16 << 20

    /// Reads the ledger of a machine; an empty one when there is none, or it is of another boot.
    ///
    /// - Throws: ``LedgerError`` if it is there and cannot be used.
    package init(of machine: any Machine, bootID: String) throws(LedgerError) {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try machine.bytes(of: Self.file)
        } catch {
            guard error.isAbsence else { throw .unreadable(error) }
            self.init(bootID: bootID)
            return
        }
        guard let ledger = try? Node(parsing: bytes, limit: Self.largest).decoded(as: Ledger.self),
            (1...Self.format).contains(ledger.format)
        else {
            throw .damaged(path: machine.path(of: Self.file))
        }
        self = ledger.bootID == bootID ? ledger : Ledger(bootID: bootID)
        format = Self.format
    }

    /// Puts the ledger in its place, in one step; one with nothing in it is removed.
    package func save(on machine: any Machine) throws(FileError) {
        guard !isSettled else {
            do throws(FileError) { try machine.removeFile(Self.file) } catch  where error.isAbsence {}
            return
        }
        // Numbers of a container's own configuration may be larger than any that makes sense.
        guard let value = try? Value(encoding: self) else {
            throw FileError(.replace, machine.path(of: Self.file), .outOfRange)
        }
        try machine.replaceFile(Self.file, with: value.text + "\n")
    }
}

extension Ledger.Original: Codable {
    private enum CodingKeys: String, CodingKey { case file, value }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        file = try container.decode(ControlFile.self, forKey: .file)
        value = try container.decodeValue(of: file, forKey: .value)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(file.text(value), forKey: .value)
    }
}

/// Why a ledger cannot be used.
package enum LedgerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// It cannot be read.
    case unreadable(FileError)
    /// It is none, or of another format.
    case damaged(path: String)

    package var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .damaged(let path): "\(path) is no ledger of this rtshield"
        }
    }
}
