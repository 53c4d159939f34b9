// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// The CPUs that kubelet's static policy gives to nobody alone.
package enum CPUReservation: Hashable, Sendable {
    /// They are told by number, which wins over all counts.
    case named(CPUSet)
    /// They are counted, and kubelet takes them by topology; nil when it cannot be told which.
    case counted(Quantity, cpus: CPUSet?)

    /// Finds what a configuration comes to on a machine.
    package init(_ configuration: KubeletConfiguration, topology: Topology) {
        let named = configuration.reservedSystemCPUs.value.cpus
        guard named.isEmpty else {
            self = .named(named)
            return
        }
        let amount = configuration.reserved("cpu")
        let count = Self.count(of: amount)
        // These take other CPUs, of which the kernel's topology alone does not tell enough.
        let isPacked = !PolicyOption.allCases.contains { $0.changesReservation && configuration.isOn($0) }
        self = .counted(amount, cpus: isPacked ? topology.packed(count) : nil)
    }

    /// How many CPUs there are: a part of one is a whole one.
    package var count: Int {
        switch self {
        case .named(let cpus): cpus.count
        case .counted(let amount, _): Self.count(of: amount)
        }
    }

    /// The CPUs; nil when it cannot be told which.
    package var cpus: CPUSet? {
        switch self {
        case .named(let cpus): cpus
        case .counted(_, let cpus): cpus
        }
    }

    private static func count(of amount: Quantity) -> Int { amount.whole }
}

extension Topology {
    /// The CPUs that kubelet takes of an idle machine when it needs so many; nil when there are not as many online.
    ///
    /// It takes whole NUMA nodes while it needs as much as one has, then whole cores, then threads, and of all alike the one
    /// with the lowest number: of 8 CPUs whose siblings are 0 and 4, 1 and 5 and so on, 2 are 0 and 4. Sockets are not
    /// looked at: they make a difference only for a whole one of several nodes, on a machine whose nodes differ in size.
    func packed(_ count: Int) -> CPUSet? {
        guard count <= online.count else { return nil }
        var stock = PackingState(self)
        stock.take(upTo: count) { $0.wholeNodes }
        stock.take(upTo: count) { $0.wholeCores }
        stock.take(upTo: count) { $0.threads }
        return stock.taken
    }
}

/// The CPUs of a machine, those that were taken and those that are left.
private struct PackingState {
    private let cores: [CPUSet]
    private let nodes: [CPUSet]
    /// What kubelet takes for the size of a core: an average, which fits no core when some have a thread offline.
    private let coreSize: Int
    private(set) var taken: CPUSet = []

    init(_ topology: Topology) {
        let online = topology.online
        var cores: [CPUSet] = []
        for cpu in online where topology.core(of: cpu).intersection(online).first == cpu {
            cores.append(topology.core(of: cpu).intersection(online))
        }
        self.cores = cores
        let members = topology.nodes.sorted { $0.key < $1.key }.map { $0.value.intersection(online) }
        let listed = members.reduce(into: CPUSet()) { $0.formUnion($1) }
        // What no node lists is a node of its own here.
        nodes = (members + [online.subtracting(listed)]).filter { !$0.isEmpty }
        coreSize = online.count / max(1, cores.count)
    }

    /// Takes parts in their order as long as each is needed whole.
    mutating func take(upTo count: Int, _ parts: (PackingState) -> [CPUSet]) {
        for part in parts(self) where part.count <= count - taken.count { taken.formUnion(part) }
    }

    /// The fewest CPUs first; of as many, the lowest number first.
    private func ordered(_ parts: [CPUSet]) -> [CPUSet] {
        parts.map { $0.subtracting(taken) }.enumerated().filter { !$0.element.isEmpty }
            .sorted { ($0.element.count, $0.offset) < ($1.element.count, $1.offset) }
            .map(\.element)
    }

    var wholeNodes: [CPUSet] { ordered(nodes).filter(nodes.contains) }

    private var orderedCores: [CPUSet] {
        ordered(nodes).flatMap { node in ordered(cores.map { $0.intersection(node) }) }
    }

    var wholeCores: [CPUSet] { orderedCores.filter { $0.count == coreSize } }

    var threads: [CPUSet] { orderedCores.flatMap { core in core.map { [$0] } } }
}
