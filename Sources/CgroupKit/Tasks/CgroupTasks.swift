// SPDX-License-Identifier: Apache-2.0

package import MachineKit

// Which tasks a cgroup has, and which cgroups a task is in.
extension Machine {
    /// The ids that a group lists: threads on v1, processes on v2; empty when the group is gone.
    package func taskIDs(in group: CgroupPath, layout: CgroupLayout) -> [Int32] {
        ids(in: group.file(layout.tasksFile))
    }

    /// The ids of all threads in a group; empty when it is gone.
    package func threadIDs(in group: CgroupPath, layout: CgroupLayout) -> [Int32] {
        ids(in: group.file(layout.version == .v1 ? "tasks" : "cgroup.threads"))
    }

    private func ids(in file: KernelFile) -> [Int32] {
        guard let bytes = try? bytes(of: file) else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { Int32(decimalDigits: $0) }
    }

    /// The group of a task in the cpuset hierarchy; nil when it is gone.
    package func group(of task: Int32, layout: CgroupLayout) -> CgroupPath? {
        membership(of: task)?.group(in: layout)
    }

    /// Which groups a task is in; nil when it is gone.
    package func membership(of task: Int32) -> Membership? {
        (try? bytes(of: KernelFile(.proc, "\(task)/cgroup"))).map(Membership.init)
    }
}
