// SPDX-License-Identifier: Apache-2.0

package import Containers
internal import JSON
internal import Linux
package import MachineKit
import ShieldKit

/// The live grants of a machine, and what the files held that they changed.
///
/// Every mask is computed from it, never toggled: what a file holds is what it held, without the CPUs of all who own some. So it
/// does not matter in which order containers end, nor who replaces whom on which CPUs.
package struct Ledger: Hashable, Sendable, Codable {
    /// Where it is.
    package static let file = KernelFile(.state, "ledger")
    static let format = 2

    /// The shape of the file.
    package var format = Self.format
    /// The boot that it belongs to; cgroups, processes and masks do not outlive it.
    package var bootID: String
    /// In the order in which they were given.
    package private(set) var grants: [Grant] = []
    /// What each shared file held before the first grant that touched it, in no order.
    package var originals: [Original] = []
    /// The CPUs that all interrupts have left; nil while a hook is at them, or died there.
    package var quieted: CPUSet? = []
    /// The CPUs that irqbalance left alone before; nil while it has been told nothing.
    package var banned: CPUSet?

    /// What the kernel threads could use that had to move; nil while none had to.
    package var threads: ThreadAffinities?
    /// The CPUs that all kernel threads have left that can; nil while a hook is at them, or died there.
    package var vacated: CPUSet? = []

    /// What a file held.
    package struct Original: Hashable, Sendable {
        package var file: ControlFile
        package var value: ControlValue
    }

    /// An empty ledger.
    package init(bootID: String) { self.bootID = bootID }

    /// The grant of a container; nil when it has none.
    package subscript(id: String) -> Grant? { grants.first { $0.id == id } }

    /// Whether nothing is granted, and everything is as it was.
    package var isEmpty: Bool { grants.isEmpty && originals.isEmpty && banned == nil && threads == nil }

    /// Enters a grant; one of the same container gives way.
    package mutating func enter(_ grant: Grant) {
        remove(grant.id)
        grants.append(grant)
    }

    /// Removes the grant of a container.
    package mutating func remove(_ id: String) { grants.removeAll { $0.id == id } }

    // MARK: - What the grants come to

    /// The CPUs that interrupts leave.
    package var quiet: CPUSet { grants.reduce(into: []) { $0.formUnion($1.quiet) } }

    /// The CPUs that kernel threads leave.
    package var vacant: CPUSet { grants.reduce(into: []) { if $1.has(.kernelThreads) { $0.formUnion($1.cpus) } } }

    /// What the file of a CPU is to hold for its owner; nil when it has none who asked.
    ///
    /// A container that replaces another may start before the other is gone, so that the last one counts.
    package func value(of feature: Feature, on cpu: Int) -> String? {
        for grant in grants.reversed() where grant.cpus.contains(cpu) {
            if case .value(let value) = grant.features[feature] { return value }
        }
        return nil
    }

    /// What a file held before; nil when no grant touched it.
    package func original(of file: ControlFile) -> ControlValue? { originals.first { $0.file == file }?.value }

    /// Remembers what a file holds, unless something older is remembered.
    package mutating func keep(_ value: ControlValue, of file: ControlFile) {
        if original(of: file) == nil { originals.append(Original(file: file, value: value)) }
    }

    /// Forgets a file that holds again what it held.
    package mutating func forget(_ file: ControlFile) { originals.removeAll { $0.file == file } }
}

// MARK: - On disk

extension Ledger {
    /// What a ledger of any format has.
    private struct Header: Decodable {
        var format: Int
    }

    /// The most bytes of a ledger.
    private static let largest = 16 << 20

    /// Reads the ledger of a machine; an empty one when there is none, or it is of another boot.
    ///
    /// - Throws: ``GrantError`` if it is there and cannot be used.
    package init(of machine: any Machine, bootID: String) throws(GrantError) {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try machine.bytes(of: Self.file)
        } catch {
            guard error.isAbsence else { throw .unreadable(error) }
            self.init(bootID: bootID)
            return
        }
        guard let ledger = Self.read(bytes) else { throw .damaged(path: machine.path(of: Self.file)) }
        self = ledger.bootID == bootID ? ledger : Ledger(bootID: bootID)
    }

    /// Understands a ledger of this format, or of the one before; nil for anything else.
    private static func read(_ bytes: [UInt8]) -> Ledger? {
        guard let node = try? Node(parsing: bytes, limit: largest) else { return nil }
        switch try? node.decoded(as: Header.self).format {
        case format: return try? node.decoded(as: Ledger.self)
        case LedgerFormat1.format: return try? Ledger(node.decoded(as: LedgerFormat1.self))
        default: return nil
        }
    }

    /// Puts the ledger in its place, in one step; one with nothing in it is removed.
    package func save(on machine: any Machine) throws(FileError) {
        guard !isEmpty else {
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
