// SPDX-License-Identifier: Apache-2.0

import Linux

@testable import MachineKit
@testable import CgroupKit

/// cpuset on cgroup v1.
extension Cpusets {
    func readV1(_ name: String, of group: ScriptedGroup) throws(Errno) -> String {
        switch name {
        case "cpuset.cpus", "cpuset.effective_cpus": "\(group.cpus)\n"
        case "cpuset.mems", "cpuset.effective_mems": "\(group.mems)\n"
        case "cpuset.cpu_exclusive": group.isExclusive ? "1\n" : "0\n"
        case "cpuset.sched_load_balance": group.isBalanced ? "1\n" : "0\n"
        default: throw .noSuchFileOrDirectory
        }
    }

    mutating func writeV1(_ value: String, to name: String, of path: CgroupPath) throws(Errno) {
        switch name {
        case "cpuset.cpus": try setV1(try set(value, within: online), all: online, \.cpus, of: path)
        case "cpuset.mems": try setV1(try set(value, within: nodes), all: nodes, \.mems, of: path)
        case "cpuset.cpu_exclusive": try setExclusive(value == "1", of: path)
        case "cpuset.sched_load_balance": groups[path]?.isBalanced = value == "1"
        default: throw .permissionDenied
        }
    }

    private mutating func setV1(
        _ new: CPUSet, all: CPUSet, _ member: WritableKeyPath<ScriptedGroup, CPUSet>, of path: CgroupPath
    ) throws(Errno) {
        guard !path.isRoot else { throw .permissionDenied }
        let group = try group(path), parent = try self.group(path.parent)
        guard new != group[keyPath: member] else { return }
        guard new.isSubset(of: all) else { throw .invalidArgument }
        for child in children(of: path) where try !self.group(child)[keyPath: member].isSubset(of: new) { throw .busy }
        guard new.isSubset(of: parent[keyPath: member]) else { throw .permissionDenied }
        if member == \.cpus { try checkExclusion(of: path, cpus: new, isExclusive: group.isExclusive) }
        guard !new.isEmpty || !tasks.values.contains(where: { $0.group == path }) else { throw .noSpace }
        change { $0.groups[path]?[keyPath: member] = new }
    }

    private mutating func setExclusive(_ flag: Bool, of path: CgroupPath) throws(Errno) {
        if flag {
            // The root is exclusive from the start.
            guard try group(path.parent).isExclusive else { throw .permissionDenied }
            try checkExclusion(of: path, cpus: try group(path).cpus, isExclusive: true)
        } else {
            for child in children(of: path) where try group(child).isExclusive { throw .busy }
        }
        groups[path]?.isExclusive = flag
    }

    /// Siblings may not share CPUs when one of the two is exclusive.
    private func checkExclusion(of path: CgroupPath, cpus: CPUSet, isExclusive: Bool) throws(Errno) {
        for sibling in children(of: path.parent) where sibling != path {
            let other = try group(sibling)
            guard isExclusive || other.isExclusive, !other.cpus.isDisjoint(with: cpus) else { continue }
            throw .invalidArgument
        }
    }
}
