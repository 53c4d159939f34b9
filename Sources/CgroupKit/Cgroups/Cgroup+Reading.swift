// SPDX-License-Identifier: Apache-2.0

package import MachineKit

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
