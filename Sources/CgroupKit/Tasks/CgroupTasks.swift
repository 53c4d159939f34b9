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

/// The groups that a task is in, one in each hierarchy: `/proc/PID/cgroup`.
package struct Membership: Hashable, Sendable {
    private let lines: [ArraySlice<UInt8>]

    /// Takes the bytes of the file.
    package init(_ text: [UInt8]) { lines = text.split(separator: UInt8(ascii: "\n")) }

    /// The group in the hierarchy that holds the cpusets; nil when there is none.
    package func group(in layout: CgroupLayout) -> CgroupPath? { group(of: layout.version == .v1 ? "cpuset" : nil) }

    /// The group in the hierarchy that gives out time; nil when there is none.
    package func budgetGroup(in layout: CgroupLayout) -> CgroupPath? { group(of: layout.hasLegacyBudget ? "cpu" : nil) }

    /// The group in the cgroup v1 hierarchy of a controller, or in that of cgroup v2.
    private func group(of controller: String?) -> CgroupPath? {
        for line in lines {
            // "4:cpuset:/docker/x" and "0::/system.slice"; the path itself may hold colons.
            let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let names = fields[1].split(separator: UInt8(ascii: ","))
            let isWanted = controller.map { name in names.contains { $0.elementsEqual(name.utf8) } }
            if isWanted ?? fields[0].elementsEqual("0".utf8) {
                return CgroupPath(String(decoding: fields[2], as: UTF8.self))
            }
        }
        return nil
    }
}
