// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// The desired state: which CPUs are shielded, how they are shared out, and how they are guarded.
package struct Shield: Hashable, Sendable, Codable {
    package var cpus: CPUSet
    /// The shielded partitions: `user`, `docker`, then the named ones in the order they were given.
    package var partitions: [Partition]
    package var placement: Placement
    /// The housekeeping CPUs: all online CPUs that are not shielded.
    package var housekeeping: CPUSet
    /// The NUMA nodes of housekeeping.
    package var housekeepingMems: MemoryNodes
    /// The NUMA nodes of the whole shield.
    package var mems: MemoryNodes

    /// How it is kept quiet, in the order of their cases.
    package var attributes: [NoiseSource]
    /// Interrupts that go elsewhere than to housekeeping; the first that fits counts.
    package var irqRules: [IRQRule]

    package init(
        cpus: CPUSet, partitions: [Partition], placement: Placement, housekeeping: CPUSet,
        housekeepingMems: MemoryNodes, mems: MemoryNodes, attributes: [NoiseSource] = NoiseSource.defaults.sorted(),
        irqRules: [IRQRule] = []
    ) {
        self.cpus = cpus
        self.partitions = partitions
        self.placement = placement
        self.housekeeping = housekeeping
        self.housekeepingMems = housekeepingMems
        self.mems = mems
        self.attributes = attributes
        self.irqRules = irqRules
    }

    package func partition(_ name: String) -> Partition? { partitions.first { $0.name == name } }

    /// Every CPU that the shield knows of: its own and those of housekeeping.
    package var everyCPU: CPUSet { cpus.union(housekeeping) }
}

/// A named part of the shield: `user` for host processes, `docker` for containers, or one that an administrator named.
package struct Partition: Hashable, Sendable, Codable {
    package var name: String
    package var cpus: CPUSet
    package var mems: MemoryNodes

    package init(_ name: String, cpus: CPUSet, mems: MemoryNodes) {
        self.name = name
        self.cpus = cpus
        self.mems = mems
    }

    /// The partition of containers.
    package static let containers = "docker"
    /// The partition of host processes, where `rtshield run` starts programs.
    package static let processes = "user"
    /// The housekeeping partition: everything that is not on the shield.
    package static let housekeeping = "system"

    /// Whether a name can be a group and a systemd slice: lower-case letters, digits and `_`, beginning with a letter.
    ///
    /// A `-` is left out because systemd reads it as a level of the slice tree (systemd.slice(5)).
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isLowercaseLetter, text.utf8.count <= 32 else { return false }
        return text.utf8.allSatisfy { $0.isLowercaseLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
    }
}

extension UInt8 {
    fileprivate var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

/// How the shield is guarded.
package enum Placement: Hashable, Sendable, Codable {
    /// Everything that did not ask for CPUs leaves the shield; whoever asks for them by number gets them.
    case open
    /// The shield is a group of its own that the kernel guards; only what is started inside it gets its CPUs.
    ///
    /// `balanced` says whether the scheduler spreads tasks over the CPUs of the pool.
    case pool(balanced: Bool)

    package var isPool: Bool { self != .open }

    package var title: String {
        switch self {
        case .open: "open"
        case .pool(balanced: true): "pool (exclusive)"
        case .pool(balanced: false): "pool (exclusive, isolated: no load balancing)"
        }
    }

    private enum CodingKeys: String, CodingKey { case kind, balanced }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "pool": self = .pool(balanced: try container.decode(Bool.self, forKey: .balanced))
        default: self = .open
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(isPool ? "pool" : "open", forKey: .kind)
        if case .pool(let balanced) = self { try container.encode(balanced, forKey: .balanced) }
    }
}
