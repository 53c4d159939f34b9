// SPDX-License-Identifier: Apache-2.0

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
