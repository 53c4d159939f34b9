// SPDX-License-Identifier: Apache-2.0

/// Which CPUs and NUMA nodes a machine has, and which CPUs share a core.
///
/// It rests on `/sys/devices/system/cpu` and `/sys/devices/system/node`, already read.
package struct Topology: Hashable, Sendable {
    /// CPUs that the kernel has room for, whether they exist or not.
    package var possible: CPUSet
    /// CPUs that exist, online or not.
    package var present: CPUSet
    /// CPUs that run tasks now.
    package var online: CPUSet
    /// NUMA node → its online CPUs, none for a node of memory alone; node 0 with all on a kernel without NUMA.
    package var nodes: [Int: CPUSet]
    /// Online CPU → the online hardware threads of its core, itself included.
    package var siblings: [Int: CPUSet]
    /// NUMA nodes that have memory: the only ones a cpuset takes.
    package var allNodes: MemoryNodes
    /// NUMA node without memory → the nodes with memory that are nearest to it.
    package var nearestNodes: [Int: MemoryNodes]

    /// CPUs that exist but are switched off.
    package var offline: CPUSet { present.subtracting(online) }

    /// The NUMA nodes that serve `cpus`: their own or, where a node has no memory, the nearest that have.
    ///
    /// Offline CPUs belong to no node; CPUs that are all offline are served by every node.
    package func memoryNodes(of cpus: CPUSet) -> MemoryNodes {
        var result: MemoryNodes = []
        for (node, members) in nodes where !members.isDisjoint(with: cpus) {
            if allNodes.contains(node) {
                result.insert(node)
            } else {
                result.formUnion(nearestNodes[node] ?? allNodes)
            }
        }
        return result.isEmpty && !cpus.isEmpty ? allNodes : result
    }

    /// The pairs of hardware threads of one core of which one is in `cpus` and the other is not, in ascending order.
    ///
    /// What runs outside then slows down what runs inside: the two share the core's execution units and caches.
    package func splitCores(by cpus: CPUSet) -> [(inside: Int, outside: Int)] {
        cpus.flatMap { cpu in
            (siblings[cpu] ?? []).subtracting(cpus).map { (inside: cpu, outside: $0) }
        }
    }
}

extension Topology {
    /// Describes a machine of which only the CPUs are known: all are online, and nothing says which share a core.
    package init(cpus: CPUSet) {
        self.init(
            possible: cpus, present: cpus, online: cpus, nodes: [0: cpus], siblings: [:], allNodes: [0],
            nearestNodes: [:])
    }
}

extension Topology {
    /// The online hardware threads of the core that `cpu` belongs to, itself included.
    package func core(of cpu: Int) -> CPUSet { siblings[cpu] ?? [cpu] }

    /// The cores that have a thread online: whole ones, and those of which another thread is switched off.
    ///
    /// The kernel takes an offline thread out of its siblings' lists and hides which core it belongs to, so this goes
    /// by the numbers: a core that has fewer threads than others misses the offline CPU that is as far from it as
    /// siblings are elsewhere. When all cores miss theirs, SMT is off, and what is online is whole.
    package func cores() -> (whole: [CPUSet], incomplete: [CPUSet]) {
        let all = online.filter { core(of: $0).intersection(online).first == $0 }.map(core)
        guard !offline.isEmpty else { return (all, []) }
        let width = all.map { $0.intersection(online).count }.max() ?? 1
        let distances = Self.distances(within: all.filter { $0.count == width })
        func isWhole(_ core: CPUSet) -> Bool {
            guard core.isSubset(of: online) else { return false }
            return core.count == width || !reaches(offline, from: core, over: distances)
        }
        return (all.filter(isWhole), all.filter { !isWhole($0) })
    }

    /// How far the threads of a core are from its first one.
    private static func distances(within cores: [CPUSet]) -> Set<Int> {
        cores.reduce(into: []) { distances, core in
            for thread in core.dropFirst() { distances.insert(thread - (core.first ?? 0)) }
        }
    }

    private func reaches(_ cpus: CPUSet, from core: CPUSet, over distances: Set<Int>) -> Bool {
        core.contains { thread in
            distances.contains { cpus.contains(thread - $0) || cpus.contains(thread + $0) }
        }
    }
}
