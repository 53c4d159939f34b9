// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What a person asked for, before it is held against a machine.
package struct ShieldRequest: Hashable, Sendable {
    /// The shielded CPUs; nil when only partitions were given, whose union it then is.
    package var cpus: CPUSet?
    /// Whole cores, wherever they are; instead of ``cpus``.
    package var cores: CoreRequest?
    package var userCPUs: CPUSet?
    package var dockerCPUs: CPUSet?
    /// Further partitions by name, in the order they were given.
    package var named: [NamedCPUs] = []
    /// NUMA nodes for every shielded partition; nil when they follow from the CPUs.
    package var mems: MemoryNodes?
    package var placement: Placement
    /// How the shield is kept quiet.
    package var attributes = NoiseSource.defaults
    /// Interrupts that go elsewhere than to housekeeping.
    package var irqRules: [IRQRule] = []

    package init(cpus: CPUSet? = nil, placement: Placement = .open) {
        self.cpus = cpus
        self.placement = placement
    }
}

/// CPUs for a partition that an administrator named.
package struct NamedCPUs: Hashable, Sendable {
    package var name: String
    package var cpus: CPUSet

    package init(_ name: String, cpus: CPUSet) {
        self.name = name
        self.cpus = cpus
    }
}
