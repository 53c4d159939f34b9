// SPDX-License-Identifier: Apache-2.0

import Linux

@testable import MachineKit
@testable import CgroupKit

/// cpuset on cgroup v2.
extension Cpusets {
    /// Whether a group has cpuset files: those below a group that hands the controller down.
    func hasCpuset(_ path: CgroupPath) -> Bool {
        path.isRoot || groups[path.parent]?.handsDown == true
    }

    /// What tasks get: an empty or foreign list inherits, and a valid partition takes its CPUs from its parent.
    func effective(_ path: CgroupPath) -> CPUSet {
        guard let group = groups[path] else { return [] }
        let taken = children(of: path).compactMap { groups[$0] }.filter {
            $0.partition.kind != .member && $0.partition.isValid
        }
        .reduce(CPUSet()) { $0.union($1.cpus) }
        if path.isRoot { return online.subtracting(taken).subtracting(remotelyTaken) }
        guard hasCpuset(path) else { return effective(path.parent) }
        if group.partition.kind != .member, group.partition.isValid {
            return group.cpus.intersection(online).subtracting(taken)
        }
        let own = group.cpus.intersection(effective(path.parent))
        return own.isEmpty ? effective(path.parent) : own
    }

    func readV2(_ name: String, of path: CgroupPath, _ group: ScriptedGroup) throws(Errno) -> String {
        switch name {
        case "cgroup.controllers": return (hasCpuset(path) ? "cpuset cpu" : "cpu") + "\n"
        case "cgroup.subtree_control": return group.handsDown ? "cpuset cpu\n" : "cpu\n"
        case "cpuset.cpus.effective" where hasCpuset(path): return "\(effective(path))\n"
        case "cpuset.mems.effective" where hasCpuset(path): return "\(nodes)\n"
        case "cpuset.cpus.isolated" where path.isRoot && kernel >= KernelVersion(6, 8): return "\(isolated)\n"
        default: break
        }
        guard hasCpuset(path), !path.isRoot else { throw .noSuchFileOrDirectory }
        switch name {
        case "cpuset.cpus": return "\(group.cpus)\n"
        case "cpuset.mems": return "\(group.mems)\n"
        case "cpuset.cpus.partition": return "\(group.partition)\n"
        case "cpuset.cpus.exclusive" where kernel >= KernelVersion(6, 7): return "\(group.reserved)\n"
        default: throw .noSuchFileOrDirectory
        }
    }

    mutating func writeV2(_ value: String, to name: String, of path: CgroupPath) throws(Errno) {
        switch name {
        case "cpuset.cpus": try setV2(try set(value, within: online), \.cpus, of: path)
        case "cpuset.mems": try setV2(try set(value, within: nodes), \.mems, of: path)
        case "cpuset.cpus.exclusive": try reserve(try set(value, within: online), for: path)
        case "cpuset.cpus.partition": try setPartition(value, of: path)
        case "cgroup.subtree_control": try handDown(value, from: path)
        default: throw .permissionDenied
        }
    }

    private mutating func setV2(
        _ new: CPUSet, _ member: WritableKeyPath<ScriptedGroup, CPUSet>, of path: CgroupPath
    ) throws(Errno) {
        // The check of v1 holds here too until 7.0: a list cannot be taken back from a populated group.
        if new.isEmpty, try !group(path)[keyPath: member].isEmpty, kernel < KernelVersion(7, 0),
            tasks.values.contains(where: { $0.group.isWithin(path) })
        {
            throw .noSpace
        }
        change { $0.groups[path]?[keyPath: member] = new }
    }

    private mutating func handDown(_ value: String, from path: CgroupPath) throws(Errno) {
        switch value {
        case "+cpuset":
            guard hasCpuset(path) else { throw .noSuchFileOrDirectory }
            change { $0.groups[path]?.handsDown = true }
        case "-cpuset":
            for child in children(of: path) where try group(child).handsDown { throw .busy }
            change { cpusets in
                cpusets.groups[path]?.handsDown = false
                for child in cpusets.children(of: path) { cpusets.groups[child] = ScriptedGroup() }
            }
        default: throw .invalidArgument
        }
    }

    // MARK: - Partitions

    private mutating func setPartition(_ value: String, of path: CgroupPath) throws(Errno) {
        guard let kind = PartitionState.Kind(rawValue: value) else { throw .invalidArgument }
        // 6.1 takes a word that the file holds already for no change, and an invalid partition stays invalid.
        if kernel < KernelVersion(6, 2), try group(path).partition.kind == kind { return }
        let reason = kind == .member ? nil : flaw(ofPartition: path)
        change { $0.groups[path]?.partition = PartitionState(kind, invalidReason: reason) }
    }

    /// Turns partitions invalid that a change made so; nothing turns one valid again but a write.
    mutating func invalidatePartitions() {
        for (path, group) in groups where group.partition.kind != .member && group.partition.isValid {
            let flaw = flaw(ofPartition: path)
            groups[path]?.partition.invalidReason = flaw
        }
    }

    // MARK: - Remote partitions, from 6.7

    /// What a group reserves no sibling may (validate_change() in `kernel/cgroup/cpuset.c`).
    private mutating func reserve(_ cpus: CPUSet, for path: CgroupPath) throws(Errno) {
        for sibling in children(of: path.parent) where sibling != path {
            guard try group(sibling).reserved.isDisjoint(with: cpus) else { throw .invalidArgument }
        }
        change { $0.groups[path]?.reserved = cpus }
    }

    /// Whether a group and all above it but the root reserve its CPUs, so that it may be a partition far from any other.
    private func isReserved(_ path: CgroupPath) -> Bool {
        guard kernel >= KernelVersion(6, 7), let cpus = groups[path]?.cpus else { return false }
        return path.ancestry.dropFirst().allSatisfy { cpus.isSubset(of: groups[$0]?.reserved ?? []) }
    }

    /// What partitions have that lie in no other one: it is taken from the root.
    private var remotelyTaken: CPUSet {
        groups.reduce(into: []) { taken, entry in
            let isPartition = entry.value.partition.kind != .member && entry.value.partition.isValid
            if isPartition, groups[entry.key.parent]?.partition.kind == .member { taken.formUnion(entry.value.cpus) }
        }
    }

    /// What isolated partitions have.
    var isolated: CPUSet {
        groups.values.filter { $0.partition.kind == .isolated && $0.partition.isValid }.reduce([]) { $0.union($1.cpus) }
    }

    // MARK: - Flaws

    private func flaw(ofPartition path: CgroupPath) -> String? {
        guard let group = groups[path], let parent = groups[path.parent] else { return nil }
        let isLocal = path.parent.isRoot || (parent.partition.kind != .member && parent.partition.isValid)
        guard isLocal || isReserved(path) else { return "Parent is not a partition root" }
        if group.cpus.isEmpty { return "cpuset.cpus is empty" }
        let siblings = children(of: path.parent).filter { $0 != path }.compactMap { groups[$0] }
        let overlaps = siblings.contains {
            !$0.cpus.isDisjoint(with: group.cpus) || !$0.reserved.isDisjoint(with: group.cpus)
        }
        if overlaps, kernel < KernelVersion(7, 0) { return "Cpu list in cpuset.cpus not exclusive" }
        guard isLocal else { return nil }
        let left = parent.cpus.subtracting(
            siblings.reduce(group.cpus) { $1.partition.kind == .member ? $0 : $0.union($1.cpus) })
        return left.isEmpty ? "Parent unable to distribute cpu downstream" : nil
    }
}
