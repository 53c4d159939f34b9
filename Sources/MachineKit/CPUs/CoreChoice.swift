// SPDX-License-Identifier: Apache-2.0

/// Which whole cores a request comes to on a machine, and why those.
///
/// The same request on the same machine always comes to the same cores, whatever is shielded already.
package struct CoreChoice: Hashable, Sendable {
    /// All threads of the cores: what is shielded.
    package let cpus: CPUSet
    /// The threads that run programs; the others idle.
    package let usable: CPUSet
    /// Why these cores: phrases such as `all on NUMA node 1`.
    package let reasons: [String]

    /// Chooses cores.
    ///
    /// The core of the lowest online CPU never is one of them, nor is a core of which a thread is offline. Those that
    /// `isolcpus=` and `nohz_full=` hold come first, then those that share a NUMA node, then neighbours with high
    /// numbers.
    package init(_ request: CoreRequest, topology: Topology, boot: BootOptions) throws(CoreChoiceError) {
        guard request.cores > 0 else { throw .noCores }
        let stock = try AvailableCores(topology, boot: boot)
        let free = try Self.free(in: stock, for: request, topology: topology)
        let pool = Self.pool(of: free, for: request.cores)
        let nodes = Self.nodes(of: pool, for: request.cores, awayFrom: stock.bootNode)
        let chosen = Self.take(request.cores, of: pool, on: nodes)

        cpus = chosen.reduce(into: CPUSet()) { $0.formUnion($1.threads) }
        usable = request.threads == .off ? CPUSet(chosen.map(\.first)) : cpus
        let why = CoreReasons(
            request: request, chosen: chosen, free: free, pool: pool, stock: stock, boot: boot,
            nodes: topology.nodes.count { !$0.value.isEmpty })
        reasons = why.place + why.held + why.left + why.rank + why.idle(cpus.subtracting(usable))
    }

    /// The cores that may be taken where the request wants them.
    private static func free(
        in stock: AvailableCores, for request: CoreRequest, topology: Topology
    ) throws(CoreChoiceError) -> [AvailableCores.Core] {
        let node = request.node
        if let node, topology.nodes[node] == nil {
            throw .absentNode(node, present: MemoryNodes(topology.nodes.keys))
        }
        let free = stock.free.filter { node == nil || $0.node == node }
        guard free.count >= request.cores else {
            throw .tooFew(
                asked: request.cores, free: free.count, node: node, anywhere: stock.free.count,
                stays: CoresThatStay(bootCPU: stock.bootCPU, kept: stock.kept, incomplete: stock.incomplete))
        }
        return free
    }

    /// The cores that the boot options hold best, as soon as there are enough of them.
    private static func pool(of free: [AvailableCores.Core], for count: Int) -> [AvailableCores.Core] {
        for hold in [2, 1] {
            let held = free.filter { $0.hold >= hold }
            if held.count >= count { return held }
        }
        return free
    }

    /// The one NUMA node that has them all, or all nodes, the fullest first.
    private static func nodes(of pool: [AvailableCores.Core], for count: Int, awayFrom boot: Int) -> [Int] {
        let members = Dictionary(grouping: pool, by: \.node)
        func rank(_ node: Int) -> (Int, Int, Int) {
            let cores = members[node] ?? []
            let fits = cores.count >= count
            return (fits ? cores.count { $0.hold > 0 } : cores.count, node == boot ? 0 : 1, node)
        }
        let fitting = members.filter { $0.value.count >= count }.keys
        if let best = fitting.max(by: { rank($0) < rank($1) }) { return [best] }
        return members.keys.sorted { rank($0) > rank($1) }
    }

    /// Takes what is held first, then node after node.
    private static func take(_ count: Int, of pool: [AvailableCores.Core], on nodes: [Int]) -> [AvailableCores.Core] {
        let members = Dictionary(grouping: pool, by: \.node)
        var chosen: [AvailableCores.Core] = []
        for hold in [2, 1, 0] {
            for node in nodes {
                let cores = (members[node] ?? []).filter { $0.hold == hold }
                chosen += closest(min(count - chosen.count, cores.count), of: cores)
            }
        }
        return chosen
    }

    /// The cores that lie closest together; of several such runs the one with the highest numbers.
    private static func closest(_ count: Int, of cores: [AvailableCores.Core]) -> ArraySlice<AvailableCores.Core> {
        guard count > 0 else { return [] }
        func span(_ start: Int) -> (Int, Int) { (cores[start + count - 1].first - cores[start].first, -start) }
        let start = (0...(cores.count - count)).min { span($0) < span($1) } ?? 0
        return cores[start..<(start + count)]
    }
}
