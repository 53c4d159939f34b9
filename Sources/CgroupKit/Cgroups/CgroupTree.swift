// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// All groups of the cpuset hierarchy, as they were at one moment.
package struct CgroupTree: Hashable, Sendable {
    private var groups: [CgroupPath: Cgroup]
    private var children: [CgroupPath: [CgroupPath]]

    package init(_ groups: some Sequence<Cgroup>) {
        self.groups = [:]
        children = [:]
        for group in groups { insert(group) }
    }

    /// Reads the hierarchy from its root down; groups that vanish meanwhile are left out.
    package init(reading layout: CgroupLayout, on machine: any Machine) {
        self.init([])
        var waiting: [CgroupPath] = [.root]
        while let path = waiting.popLast() {
            guard let names = try? machine.entries(of: path.directory, directoriesOnly: true) else { continue }
            insert(Cgroup(reading: path, layout: layout, on: machine))
            waiting += names.map(path.child)
        }
    }

    private mutating func insert(_ group: Cgroup) {
        if groups.updateValue(group, forKey: group.path) == nil, !group.path.isRoot {
            children[group.path.parent, default: []].append(group.path)
        }
    }

    package subscript(path: CgroupPath) -> Cgroup? { groups[path] }

    package var root: Cgroup { groups[.root] ?? Cgroup(.root) }

    /// Every group, parents before their children, siblings in the order of their names.
    package var all: [Cgroup] { below(.root, includingItself: true) }

    /// The CPUs that tasks of a group may use: those of the nearest group with cpuset files, the group itself included.
    package func allowed(in path: CgroupPath) -> CPUSet {
        var path = path
        while !path.isRoot, self[path]?.cpus == nil { path = path.parent }
        return self[path]?.effective ?? []
    }

    package func children(of path: CgroupPath) -> [Cgroup] {
        (children[path] ?? []).sorted().compactMap { groups[$0] }
    }

    /// The groups below `path`, parents before their children.
    package func below(_ path: CgroupPath, includingItself: Bool = false) -> [Cgroup] {
        var found: [Cgroup] = []
        var waiting = [path]
        while let next = waiting.popLast() {
            if let group = groups[next], includingItself || next != path { found.append(group) }
            waiting += (children[next] ?? []).sorted(by: >)
        }
        return found
    }
}
