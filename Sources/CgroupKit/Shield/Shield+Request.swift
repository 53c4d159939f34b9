// SPDX-License-Identifier: Apache-2.0

extension Shield {
    /// Holds a request against a machine.
    ///
    /// Unless they are given, `user` and `docker` share what the named partitions and the other one leave, or the whole of the
    /// rest when both are left open.
    package init(_ request: ShieldRequest, topology: Topology, boot: BootOptions) throws(ShieldRequestError) {
        try Shield.checkNames(request.named.map(\.name))
        let asked = Shield.explicit(in: request)
        let cpus = request.cpus ?? asked.reduce(into: CPUSet()) { $0.formUnion($1.cpus) }
        try Shield.check(cpus, topology: topology, boot: boot)
        for (name, wanted) in asked where !wanted.isSubset(of: cpus) {
            throw .outside(partition: name, wanted.subtracting(cpus), shield: cpus)
        }
        if let mems = request.mems, !mems.isSubset(of: topology.allNodes) || mems.isEmpty {
            throw .absentNodes(mems.subtracting(topology.allNodes), present: topology.allNodes)
        }
        let mems = { (cpus: CPUSet) in request.mems ?? topology.memoryNodes(of: cpus) }
        let shares = Shield.shares(request, of: cpus)
        let housekeeping = topology.online.subtracting(cpus)
        self.init(
            cpus: cpus, partitions: shares.map { Partition($0.name, cpus: $0.cpus, mems: mems($0.cpus)) },
            placement: request.placement, housekeeping: housekeeping,
            housekeepingMems: topology.memoryNodes(of: housekeeping), mems: mems(cpus))
    }

    private static func checkNames(_ names: [String]) throws(ShieldRequestError) {
        var taken: Set = [Partition.housekeeping, Partition.processes, Partition.containers]
        for name in names {
            guard Partition.isName(name) else { throw .badName(name) }
            guard taken.insert(name).inserted else { throw .takenName(name) }
        }
    }

    private static func explicit(in request: ShieldRequest) -> [(name: String, cpus: CPUSet)] {
        var asked = request.named
        if let cpus = request.userCPUs { asked.append((Partition.processes, cpus)) }
        if let cpus = request.dockerCPUs { asked.append((Partition.containers, cpus)) }
        return asked
    }

    /// The kernel-safety rules that hold on every layout.
    private static func check(_ cpus: CPUSet, topology: Topology, boot: BootOptions) throws(ShieldRequestError) {
        guard !cpus.isEmpty else { throw .nothingAsked }
        let absent = cpus.subtracting(topology.present)
        guard absent.isEmpty else { throw .absent(absent, present: topology.present) }
        let offline = cpus.subtracting(topology.online)
        guard offline.isEmpty else { throw .offline(offline) }
        let left = topology.online.subtracting(cpus)
        guard !left.isEmpty else { throw .housekeepingEmpty(online: topology.online) }
        guard !left.isSubset(of: boot.isolatedCPUs) else {
            throw .onlyBootIsolatedLeft(left: left, isolated: boot.isolatedCPUs)
        }
    }

    /// Who gets which CPUs of the shield.
    private static func shares(
        _ request: ShieldRequest, of cpus: CPUSet
    ) -> [(name: String, cpus: CPUSet)] {
        let rest = request.named.reduce(cpus) { $0.subtracting($1.cpus) }
        let user = request.userCPUs ?? Shield.remainder(of: rest, without: request.dockerCPUs)
        let docker = request.dockerCPUs ?? Shield.remainder(of: rest, without: request.userCPUs)
        let shares =
            [(name: Partition.processes, cpus: user), (name: Partition.containers, cpus: docker)] + request.named
        // A shield that named partitions use up leaves none for host processes and containers, which is a wish like any other.
        return shares.filter { !$0.cpus.isEmpty }
    }

    private static func remainder(of rest: CPUSet, without other: CPUSet?) -> CPUSet {
        guard let other else { return rest }
        let remaining = rest.subtracting(other)
        return remaining.isEmpty ? rest : remaining
    }
}
