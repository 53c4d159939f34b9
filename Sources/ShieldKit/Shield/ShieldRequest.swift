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

/// Why a request does not fit a machine; each is a mistake in the request, found before anything is written.
package enum ShieldRequestError: Error, Hashable, Sendable, CustomStringConvertible {
    case nothingAsked
    case cpusAndCores(CPUSet, cores: Int)
    case cores(CoreChoiceError)
    case absent(CPUSet, present: CPUSet)
    case offline(CPUSet)
    /// A partition of somebody else has these CPUs to itself.
    case inPartition(CPUSet)
    case housekeepingEmpty(online: CPUSet)
    case onlyBootIsolatedLeft(left: CPUSet, isolated: CPUSet)
    case outside(partition: String, CPUSet, shield: CPUSet)
    case badName(String)
    case takenName(String)
    case absentNodes(MemoryNodes, present: MemoryNodes)
    case irqElsewhere(IRQRule, online: CPUSet)

    package var description: String {
        switch self {
        case .nothingAsked: "no CPUs to shield: give --cpus LIST, such as --cpus 2-5"
        case .cpusAndCores(let cpus, let cores):
            "--cpus \(cpus) and --cores \(cores) contradict each other: give the CPUs, or how many cores"
        case .cores(let error): error.description
        case .absent(let cpus, let present):
            "CPU \(cpus) does not exist here: this machine has CPUs \(present)"
        case .offline(let cpus):
            "CPU \(cpus) is offline: bring it online first with 'echo 1 > "
                + "/sys/devices/system/cpu/cpu\(cpus.first ?? 0)/online'"
        case .inPartition(let cpus):
            "CPU \(cpus) belongs to a cgroup v2 partition that rtshield did not make: 'rtshield check host' names the "
                + "partition; shield other CPUs, or make the partition a member"
        case .housekeepingEmpty(let online):
            "only CPUs \(online) are online: leave at least one for the system partition"
        case .onlyBootIsolatedLeft(let left, let isolated):
            "only CPUs \(left) would be left for the system, and isolcpus=\(isolated) keeps them out of scheduling: "
                + "the kernel crashes if no other CPU is left (seen on 6.1, 6.12 and 7.2); leave one more CPU unshielded"
        case .outside(let partition, let cpus, let shield):
            "partition '\(partition)' requests CPU \(cpus), which is not in the shield \(shield): add it to --cpus"
        case .badName(let name):
            "'\(name)' cannot name a partition: use lower-case letters, digits and '_', a letter first"
        case .takenName(let name): "partition '\(name)' is given twice or is one of system, user and docker"
        case .absentNodes(let nodes, let present):
            "NUMA node \(nodes) does not exist here: this machine has memory on NUMA nodes \(present)"
        case .irqElsewhere(let rule, let online):
            "interrupts '\(rule.pattern)' cannot go to CPU \(rule.cpus.subtracting(online)): CPUs \(online) are online"
        }
    }
}
