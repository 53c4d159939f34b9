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
