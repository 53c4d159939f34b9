// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

extension Shield {
    /// Holds a request against a machine.
    ///
    /// Unless they are given, `user` and `docker` share what the named partitions and the other one leave, or the whole of the
    /// rest when both are left open.
    ///
    /// - Parameters:
    ///   - request: What is asked for.
    ///   - topology: The CPUs of the machine.
    ///   - boot: What its command line isolates.
    ///   - taken: CPUs that cgroup v2 partitions of others have to themselves: they are neither the shield's nor housekeeping's.
    ///     Before 7.0 a group that lists one turns such a partition invalid, and since then does not get it.
    /// - Throws: What in the request does not fit the machine.
    package init(
        _ request: ShieldRequest, topology: Topology, boot: BootOptions, besides taken: CPUSet = []
    ) throws(ShieldRequestError) {
        let cores = try Shield.cores(for: request, topology: topology, boot: boot)
        try self.init(request, on: cores, topology: topology, boot: boot, besides: taken)
    }

    private init(
        _ request: ShieldRequest, on cores: CoreChoice?, topology: Topology, boot: BootOptions, besides taken: CPUSet
    ) throws(ShieldRequestError) {
        try Shield.checkNames(request.named.map(\.name))
        let asked = Shield.explicit(in: request)
        let cpus = cores?.cpus ?? request.cpus ?? asked.reduce(into: CPUSet()) { $0.formUnion($1.cpus) }
        try Shield.check(cpus, topology: topology, boot: boot, besides: taken)
        for part in asked where !part.cpus.isSubset(of: cpus) {
            throw .outside(partition: part.name, part.cpus.subtracting(cpus), shield: cpus)
        }
        if let mems = request.mems, !mems.isSubset(of: topology.allNodes) || mems.isEmpty {
            throw .absentNodes(mems.subtracting(topology.allNodes), present: topology.allNodes)
        }
        for rule in request.irqRules where !rule.cpus.isSubset(of: topology.online) || rule.cpus.isEmpty {
            throw .irqElsewhere(rule, online: topology.online)
        }
        let mems = { (cpus: CPUSet) in request.mems ?? topology.memoryNodes(of: cpus) }
        let shares = Shield.shares(request, of: cores?.usable ?? cpus)
        let housekeeping = topology.online.subtracting(cpus).subtracting(taken)
        self.init(
            cpus: cpus, partitions: shares.map { Partition($0.name, cpus: $0.cpus, mems: mems($0.cpus)) },
            placement: request.placement, housekeeping: housekeeping,
            housekeepingMems: topology.memoryNodes(of: housekeeping), mems: mems(cpus),
            attributes: request.attributes.sorted(), irqRules: request.irqRules)
    }

    /// Holds a request against a machine as it was observed.
    package init(_ request: ShieldRequest, on host: Host) throws(ShieldRequestError) {
        self = try Shield.decide(request, on: host).shield
    }

    /// Holds a request against a machine as it was observed.
    ///
    /// - Returns: The shield, and the cores that were chosen for it; nil where they were given by number.
    package static func decide(
        _ request: ShieldRequest, on host: Host
    ) throws(ShieldRequestError) -> (shield: Shield, cores: CoreChoice?) {
        let cores = try cores(for: request, topology: host.topology, boot: host.boot)
        let shield = try Shield(
            request, on: cores, topology: host.topology, boot: host.boot, besides: host.groups.takenByOthers)
        return (shield, cores)
    }

    private static func checkNames(_ names: [String]) throws(ShieldRequestError) {
        var taken: Set = [Partition.housekeeping, Partition.processes, Partition.containers]
        for name in names {
            guard Partition.isName(name) else { throw .badName(name) }
            guard taken.insert(name).inserted else { throw .takenName(name) }
        }
    }

    /// The whole cores that were asked for, if any.
    private static func cores(
        for request: ShieldRequest, topology: Topology, boot: BootOptions
    ) throws(ShieldRequestError) -> CoreChoice? {
        guard let cores = request.cores else { return nil }
        if let cpus = request.cpus { throw .cpusAndCores(cpus, cores: cores.cores) }
        do {
            return try CoreChoice(cores, topology: topology, boot: boot)
        } catch {
            throw .cores(error)
        }
    }

    private static func explicit(in request: ShieldRequest) -> [NamedCPUs] {
        var asked = request.named
        if let cpus = request.userCPUs { asked.append(NamedCPUs(Partition.processes, cpus: cpus)) }
        if let cpus = request.dockerCPUs { asked.append(NamedCPUs(Partition.containers, cpus: cpus)) }
        return asked
    }

    /// The kernel-safety rules that hold on every layout.
    private static func check(
        _ cpus: CPUSet, topology: Topology, boot: BootOptions, besides taken: CPUSet
    ) throws(ShieldRequestError) {
        guard !cpus.isEmpty else { throw .nothingAsked }
        let absent = cpus.subtracting(topology.present)
        guard absent.isEmpty else { throw .absent(absent, present: topology.present) }
        let offline = cpus.subtracting(topology.online)
        guard offline.isEmpty else { throw .offline(offline) }
        let shared = cpus.intersection(taken)
        guard shared.isEmpty else { throw .inPartition(shared) }
        let left = topology.online.subtracting(cpus).subtracting(taken)
        guard !left.isEmpty else { throw .housekeepingEmpty(online: topology.online.subtracting(taken)) }
        guard !left.isSubset(of: boot.isolatedCPUs) else {
            throw .onlyBootIsolatedLeft(left: left, isolated: boot.isolatedCPUs)
        }
    }

    /// Who gets which CPUs of the shield: what is named gets its own, the others what may run programs.
    private static func shares(
        _ request: ShieldRequest, of cpus: CPUSet
    ) -> [NamedCPUs] {
        let rest = request.named.reduce(cpus) { $0.subtracting($1.cpus) }
        let user = request.userCPUs ?? Shield.remainder(of: rest, without: request.dockerCPUs)
        let docker = request.dockerCPUs ?? Shield.remainder(of: rest, without: request.userCPUs)
        let shares =
            [NamedCPUs(Partition.processes, cpus: user), NamedCPUs(Partition.containers, cpus: docker)] + request.named
        // A shield that named partitions use up leaves none for host processes and containers, which is a request like any other.
        return shares.filter { !$0.cpus.isEmpty }
    }

    private static func remainder(of rest: CPUSet, without other: CPUSet?) -> CPUSet {
        guard let other else { return rest }
        let remaining = rest.subtracting(other)
        return remaining.isEmpty ? rest : remaining
    }
}
