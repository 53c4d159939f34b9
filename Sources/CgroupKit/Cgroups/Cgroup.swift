// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What the kernel says of one group of the cpuset hierarchy.
package struct Cgroup: Hashable, Sendable {
    package var path: CgroupPath
    /// The configured CPUs; nil when the group has no cpuset files (v2, controller not enabled above it).
    package var cpus: CPUSet?
    /// The CPUs that tasks of the group really get.
    package var effective: CPUSet
    /// The configured NUMA nodes; nil when the group has no cpuset files.
    package var mems: MemoryNodes?
    /// What `cpuset.cpus.partition` holds; nil on v1 and for the root.
    package var partition: PartitionState?
    /// The v2 CPUs reserved for partitions below (`cpuset.cpus.exclusive`, 6.7 and newer).
    package var reserved: CPUSet
    /// The CPUs that the group has to itself as a valid v2 partition root; none otherwise.
    ///
    /// `cpuset.cpus.exclusive.effective` from 6.7 on: before 7.0 it is what `cpuset.cpus` lists, since 7.0 what siblings that
    /// reserved CPUs first left of that (Documentation/admin-guide/cgroup-v2.rst).
    package var taken: CPUSet
    /// The v1 flag `cpu_exclusive`.
    package var isExclusive: Bool
    /// The v1 flag `sched_load_balance`; true on v2, where the partition decides.
    package var isBalanced: Bool
    /// Controllers that the group hands to its children; empty on v1.
    package var subtreeControl: [String]
    /// Whether tasks sit in the group itself, not below it.
    package var hasTasks: Bool

    package init(_ path: CgroupPath, cpus: CPUSet? = nil, effective: CPUSet = [], hasTasks: Bool = false) {
        self.path = path
        self.cpus = cpus
        self.effective = effective
        self.hasTasks = hasTasks
        reserved = []
        taken = []
        isExclusive = false
        isBalanced = true
        subtreeControl = []
    }
}
