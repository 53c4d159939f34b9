// SPDX-License-Identifier: Apache-2.0

/// The cores of a machine that a shield may take, and those that it may not.
struct AvailableCores {
    /// A core that may be taken.
    struct Core: Hashable {
        var threads: CPUSet
        var node: Int
        /// How many of `isolcpus=` and `nohz_full=` hold all its threads.
        var hold: Int

        var first: Int { threads.first ?? 0 }
    }

    /// Lowest first.
    private(set) var free: [Core] = []
    /// The lowest online CPU: it keeps the time, and does the boot CPU's work.
    let bootCPU: Int
    let bootNode: Int
    /// The lowest core that `isolcpus=` does not hold, when it must stay because nothing else would.
    let kept: CPUSet?
    /// The online threads of cores of which another thread is offline.
    let incomplete: CPUSet

    /// - Throws: ``CoreChoiceError/allIsolated(_:)`` when no shield is safe.
    init(_ topology: Topology, boot: BootOptions) throws(CoreChoiceError) {
        bootCPU = topology.online.first ?? 0
        let bootCore = topology.core(of: bootCPU)
        let (whole, broken) = topology.cores()
        let others = whole.filter { $0 != bootCore }
        incomplete = broken.filter { $0 != bootCore }.reduce(into: []) {
            $0.formUnion($1.intersection(topology.online))
        }
        kept = try Self.keep(
            oneOf: others, beside: bootCore.intersection(topology.online).union(incomplete), isolated: boot.isolatedCPUs
        )

        let nodes = Self.nodes(topology)
        bootNode = nodes[bootCPU] ?? 0
        for threads in others where threads != kept {
            let hold = [boot.isolatedCPUs, boot.nohzFull].count { threads.isSubset(of: $0) }
            free.append(Core(threads: threads, node: nodes[threads.first ?? 0] ?? 0, hold: hold))
        }
    }

    /// Keeps a core for the system when all that stays anyway is held by `isolcpus=`: without any other CPU the kernel
    /// crashes (seen on 6.1, 6.12 and 7.2).
    private static func keep(
        oneOf cores: [CPUSet], beside stays: CPUSet, isolated: CPUSet
    ) throws(CoreChoiceError) -> CPUSet? {
        guard !stays.isEmpty, stays.isSubset(of: isolated) else { return nil }
        guard let core = cores.first(where: { !$0.isSubset(of: isolated) }) else { throw .allIsolated(isolated) }
        return core
    }

    /// CPU → its NUMA node; what no node lists is taken to be on the lowest.
    private static func nodes(_ topology: Topology) -> [Int: Int] {
        let lowest = topology.nodes.keys.min() ?? 0
        var nodes = Dictionary(uniqueKeysWithValues: topology.online.map { ($0, lowest) })
        for (node, cpus) in topology.nodes {
            for cpu in cpus { nodes[cpu] = node }
        }
        return nodes
    }
}
