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

extension Cgroup {
    /// Reads one group; files that are missing leave what they would tell at its default.
    package init(reading path: CgroupPath, layout: CgroupLayout, on machine: any Machine) {
        self.init(path)
        let set = { (name: String) -> CPUSet? in
            machine.textIfPresent(of: path.file(layout.name(name))).flatMap { CPUSet(kernelList: $0) }
        }
        cpus = set("cpus")
        mems = set("mems")
        switch layout.version {
        case .v1:
            effective = cpus ?? []
            isExclusive = machine.textIfPresent(of: path.file(layout.name("cpu_exclusive"))) == "1"
            isBalanced = machine.textIfPresent(of: path.file(layout.name("sched_load_balance"))) != "0"
        case .v2:
            effective = set("cpus.effective") ?? []
            reserved = cpus == nil ? [] : set("cpus.exclusive") ?? []
            if cpus != nil, let text = machine.textIfPresent(of: path.file("cpuset.cpus.partition")) {
                partition = PartitionState(text)
            }
            if let partition, partition.kind != .member, partition.isValid {
                // Before 6.7 there is no such file; a remote partition may have nothing in `cpuset.cpus` (6.11).
                taken = set("cpus.exclusive.effective").flatMap { $0.isEmpty ? nil : $0 } ?? cpus ?? []
            }
            subtreeControl =
                machine.textIfPresent(of: path.file("cgroup.subtree_control"))?.split(separator: " ").map(String.init)
                ?? []
        }
        hasTasks = Cgroup.taskList(of: path, layout: layout, on: machine).isEmpty == false
    }

    /// The text of the group's own task list; empty when it holds none or is gone.
    private static func taskList(of path: CgroupPath, layout: CgroupLayout, on machine: any Machine) -> [UInt8] {
        // A v2 group inside a threaded subtree refuses to list processes (EOPNOTSUPP); its threads can be listed.
        if let tasks = try? machine.bytes(of: path.file(layout.tasksFile)) { return tasks }
        return (try? machine.bytes(of: path.file("cgroup.threads"))) ?? []
    }
}
