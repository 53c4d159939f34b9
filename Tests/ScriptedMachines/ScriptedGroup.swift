// SPDX-License-Identifier: Apache-2.0

@testable import MachineKit
@testable import CgroupKit

/// One group of the imitated kernel.
struct ScriptedGroup: Hashable {
    /// The configured CPUs and NUMA nodes; empty as in a fresh group.
    var cpus: CPUSet = []
    var mems: MemoryNodes = []
    /// The v1 flags.
    var isExclusive = false
    var isBalanced = true
    /// The v2 partition, and the CPUs reserved for partitions below (6.7 and newer).
    var partition = PartitionState(.member)
    var reserved: CPUSet = []
    /// Whether the v2 group hands the cpuset controller to its children.
    var handsDown = false
}
