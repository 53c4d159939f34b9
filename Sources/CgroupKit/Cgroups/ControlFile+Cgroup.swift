// SPDX-License-Identifier: Apache-2.0

package import MachineKit

extension ControlFile {
    /// A file of a cgroup.
    package init(_ kind: Kind, of group: CgroupPath) {
        self.init(kind, .cgroup(group.directory.path))
    }

    package static func cpus(of group: CgroupPath) -> ControlFile { ControlFile(.cpus, of: group) }
    package static func mems(of group: CgroupPath) -> ControlFile { ControlFile(.mems, of: group) }
    package static func partition(of group: CgroupPath) -> ControlFile { ControlFile(.partition, of: group) }
    package static func reservedCPUs(of group: CgroupPath) -> ControlFile { ControlFile(.reservedCPUs, of: group) }
    package static func subtreeControl(of group: CgroupPath) -> ControlFile { ControlFile(.subtreeControl, of: group) }
    package static func loadBalancing(of group: CgroupPath) -> ControlFile { ControlFile(.loadBalancing, of: group) }
    package static func realtimeBudget(of group: CgroupPath) -> ControlFile { ControlFile(.realtimeBudget, of: group) }

    /// The cgroup that the file belongs to; nil for any other file.
    package var cgroup: CgroupPath? { if case .cgroup(let path) = subject { CgroupPath(path) } else { nil } }
}
