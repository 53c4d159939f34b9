// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit
package import ShieldKit

/// What `rtshield status` tells: the machine CPU by CPU, its shield, what is on it, and what that means.
package struct ShieldReport: Sendable, Encodable {
    package enum State: String, Hashable, Sendable, Encodable {
        case none, shielded
        /// Making or changing the shield did not come to its end.
        case interrupted
    }

    package var state: State
    package var kernel: Kernel
    package var cgroups: Cgroups
    package var strategy: StrategyChoice
    /// The shield that is in place; nil when there is none, or making it was interrupted.
    package var shield: Shield?
    /// Every CPU that exists, in the order of their numbers.
    package var cpus: [CPUReport]
    /// `system`, then the partitions of the shield in their order; none without a shield.
    package var partitions: [PartitionReport] = []
    /// What guards the shield; nil in the open placement.
    package var pool: PoolReport?
    /// What the kernel keeps off the shield by itself, as long as the pool is valid.
    package var leftToKernel: [NoiseSource] = []
    /// What is on the shield and cannot be moved.
    package var staying: [UnmovableReport] = []
    /// What each attribute is now; none without a shield.
    package var noise: [NoiseReport] = []
    /// Interrupts that go to the shield, by reason.
    package var interrupts: [InterruptReport] = []
    /// Containers and other groups that were given shielded CPUs by number.
    package var guests: [ContainerReport] = []
    /// What a person should know, in order.
    package var findings: [Finding] = []
}

extension ShieldReport {
    package struct Kernel: Hashable, Sendable, Encodable {
        package var release: String
        package var isRealtime: Bool
    }

    package struct Cgroups: Hashable, Sendable, Encodable {
        package var title: String
        package var version: CgroupLayout.Version
        package var isHybrid: Bool
        package var mountPoint: String
        package var owner: CgroupLayout.Owner
    }

    package struct CPUReport: Hashable, Sendable, Encodable {
        package var cpu: Int
        package var isOnline: Bool
        /// Whether `isolcpus=` keeps it out of the scheduling domains.
        package var isIsolatedAtBoot: Bool
        /// The NUMA node it belongs to; nil for an offline CPU.
        package var node: Int?
        /// The other hardware threads of its core.
        package var siblings: CPUSet
        /// How many tasks may run there, those whose affinity only the kernel may set left out.
        package var tasks: Int
        /// How many interrupts go there.
        package var irqs: Int
    }

    package struct PartitionReport: Hashable, Sendable, Encodable {
        package var name: String
        package var cpus: CPUSet
        package var mems: MemoryNodes
        package var tasks: Int
        package var containers: Int
        /// What engines are given as cgroup parent; nil where they need none.
        package var engineParent: String?
    }

    package struct PoolReport: Hashable, Sendable, Encodable {
        package var group: CgroupPath
        /// As the kernel holds it: `root`, `isolated`, `isolated invalid (reason)`; on v1 `balanced` or `not balanced`.
        package var state: String
        package var isValid: Bool
    }

    package struct UnmovableReport: Hashable, Sendable, Encodable {
        package var reason: UnmovableReason
        package var explanation: String
        package var count: Int
        package var names: [NameCounts.Entry]
    }

    package struct ContainerReport: Hashable, Sendable, Encodable {
        package var name: String
        package var group: CgroupPath
        package var cpus: CPUSet
        package var tasks: Int
        package var isContainer: Bool
    }
}
