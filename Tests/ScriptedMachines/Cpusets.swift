// SPDX-License-Identifier: Apache-2.0

import Linux

@testable import MachineKit
@testable import CgroupKit

/// The rules of a kernel's cpuset controller, in memory: groups, tasks, and what is refused with which error.
///
/// It imitates what shielding meets on cgroup v1 and v2, on one side of each version that matters: 6.2 keeps affinities, 6.7 has
/// reservations, 7.0 trims siblings of a partition.
struct Cpusets: Hashable {
    let version: CgroupLayout.Version
    let kernel: KernelVersion
    let online: CPUSet
    let nodes: MemoryNodes
    var groups: [CgroupPath: ScriptedGroup]
    var tasks: [Int32: ScriptedTask] = [:]
    /// The names of the groups in a group.
    private var names: [CgroupPath: Set<String>] = [:]

    init(_ version: CgroupLayout.Version, kernel: KernelVersion, topology: Topology) {
        self.version = version
        self.kernel = kernel
        online = topology.online
        nodes = topology.allNodes
        groups = [.root: ScriptedGroup(cpus: topology.online, mems: topology.allNodes, isExclusive: true)]
    }

    func group(_ path: CgroupPath) throws(Errno) -> ScriptedGroup {
        guard let group = groups[path] else { throw .noSuchFileOrDirectory }
        return group
    }

    func children(of path: CgroupPath) -> [CgroupPath] {
        (names[path] ?? []).sorted().map(path.child)
    }

    /// The CPUs that tasks of a group may use.
    func allowed(in path: CgroupPath) -> CPUSet {
        version == .v1 ? groups[path]?.cpus ?? [] : effective(path)
    }

    /// The nearest group, itself included, whose cpuset tasks of a group are in.
    func cpuset(of path: CgroupPath) -> CgroupPath {
        version == .v1 || hasCpuset(path) ? path : cpuset(of: path.parent)
    }

    // MARK: - Directories

    mutating func makeDirectory(_ path: CgroupPath) throws(Errno) {
        guard groups[path] == nil else { throw .fileExists }
        guard groups[path.parent] != nil else { throw .noSuchFileOrDirectory }
        groups[path] = ScriptedGroup()
        names[path.parent, default: []].insert(path.name)
    }

    mutating func removeDirectory(_ path: CgroupPath) throws(Errno) {
        _ = try group(path)
        guard children(of: path).isEmpty, !tasks.values.contains(where: { $0.group == path }) else { throw .busy }
        names[path.parent]?.remove(path.name)
        change { $0.groups[path] = nil }
    }

    // MARK: - Files

    func read(_ name: String, of path: CgroupPath) throws(Errno) -> String {
        let group = try group(path)
        switch name {
        case "cgroup.procs": return list(of: path, \.process)
        case "cgroup.threads" where version == .v2, "tasks" where version == .v1: return list(of: path, \.id)
        default: return try version == .v1 ? readV1(name, of: group) : readV2(name, of: path, group)
        }
    }

    mutating func write(_ value: String, to name: String, of path: CgroupPath) throws(Errno) {
        _ = try read(name, of: path)
        let value = String(value.trimmingASCIISpace())
        switch name {
        case "cgroup.procs", "cgroup.threads", "tasks":
            guard let id = Int32(value) else { throw .invalidArgument }
            try attach(id, to: path, wholeProcess: name == "cgroup.procs")
        default: try version == .v1 ? writeV1(value, to: name, of: path) : writeV2(value, to: name, of: path)
        }
    }

    private func list(of path: CgroupPath, _ id: KeyPath<ScriptedTask, Int32>) -> String {
        Set(tasks.values.filter { $0.group == path }.map { $0[keyPath: id] }).sorted().map { "\($0)\n" }.joined()
    }

    /// Reads a list as the kernel does: EINVAL for what is none, ERANGE for numbers that it cannot have.
    func set(_ text: String, within all: CPUSet) throws(Errno) -> CPUSet {
        guard let set = CPUSet(kernelList: text) else { throw .invalidArgument }
        guard (set.last ?? 0) <= (all.last ?? 0) else { throw .outOfRange }
        return set
    }
}
