// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit
package import ShieldKit

extension ShieldReport {
    /// Looks at a machine; nothing is changed.
    ///
    /// - Parameters:
    ///   - machine: The machine, live or recorded.
    ///   - host: What was observed of it.
    ///   - journal: What rtshield did to it; nil when nothing.
    package init(of machine: any Machine, host: Host, journal: Journal?) {
        let isComplete = journal?.isComplete ?? true
        let shield = isComplete ? journal?.intent?.shield : nil
        self.init(host: host, isComplete: isComplete, shield: shield)
        if let shield, let journal {
            describe(shield, on: machine, host: host, journal: journal)
        } else {
            cpus = Self.cpus(of: host, TaskSummary(of: machine), InterruptSummary(of: machine))
            if !isComplete { findings = [Self.interrupted(journal?.intent)] }
        }
    }

    private init(host: Host, isComplete: Bool, shield: Shield?) {
        self.init(
            state: !isComplete ? .interrupted : shield == nil ? .none : .shielded,
            kernel: Kernel(release: host.release, isRealtime: host.isRealtime),
            cgroups: Cgroups(
                title: host.layout.title, version: host.layout.version, isHybrid: host.layout.isHybrid,
                mountPoint: host.layout.mountPoint, owner: host.layout.owner),
            strategy: chooseStrategy(for: host.layout).choice, shield: shield, cpus: [])
    }

    private mutating func describe(_ shield: Shield, on machine: any Machine, host: Host, journal: Journal) {
        let applied = journal.applied
        var roles = CgroupRoles(shield, on: host, holding: applied)
        let census = TaskSummary(of: machine, layout: host.layout, shield: shield.cpus, roles: &roles)
        let groups = CgroupSummary(of: host, &roles)
        let interruptCensus = InterruptSummary(of: machine, shield: shield, holding: applied)
        cpus = Self.cpus(of: host, census, interruptCensus)
        noise = NoiseReport.all(of: machine, shield, topology: host.topology)
        interrupts = InterruptReport.all(in: interruptCensus)
        partitions = Self.partitions(of: shield, host, census, groups)
        pool = PoolReport(shield, on: host)
        leftToKernel = pool?.isValid == true ? shield.leftToKernel(on: host) : []
        staying = UnmovableReason.allCases.compactMap { reason in
            census.staying[reason].map {
                UnmovableReport(reason: reason, explanation: reason.explanation, count: $0.count, names: $0.entries)
            }
        }
        guests = groups.guests.map { path in
            ContainerReport(
                name: path.title, group: path, cpus: host.groups[path]?.cpus ?? [],
                tasks: census.atHome[.asked(path)] ?? 0, isContainer: roles.container(of: path) != nil)
        }
        let behind = UnitLimits(of: journal, online: host.online).late(in: host.groups, on: machine)
        let ended = machine.ended(behind)
        findings =
            ShieldFindings(
                shield: shield, host: host, census: census, groups: groups, pool: pool,
                drifts: Drift.found(on: machine, applied),
                noise: NoiseFindings(
                    shield: shield, host: host, noise: noise, interrupts: interrupts,
                    idleRules: interruptCensus.idleRules(of: shield), rivals: census.rivals, applied: applied
                ).all, late: behind.filter { !ended.contains($0) }
            ).all
    }

    // MARK: - Parts

    private static func cpus(of host: Host, _ tasks: TaskSummary, _ irqs: InterruptSummary) -> [CPUReport] {
        let (tasks, irqs) = (tasks.perCPU, irqs.perCPU)
        var nodes: [Int: Int] = [:]
        for (node, cpus) in host.topology.nodes { for cpu in cpus { nodes[cpu] = node } }
        return host.topology.present.map { cpu in
            CPUReport(
                cpu: cpu, isOnline: host.online.contains(cpu),
                isIsolatedAtBoot: host.boot.isolatedCPUs.contains(cpu), node: nodes[cpu],
                siblings: (host.topology.siblings[cpu] ?? []).subtracting([cpu]), tasks: tasks[cpu] ?? 0,
                irqs: irqs[cpu] ?? 0)
        }
    }

    private static func partitions(
        of shield: Shield, _ host: Host, _ census: TaskSummary, _ groups: CgroupSummary
    ) -> [PartitionReport] {
        let offShield = census.byAffinity.filter { $0.key.isDisjoint(with: shield.cpus) }.values.reduce(0, +)
        let system = PartitionReport(
            name: Partition.housekeeping, cpus: shield.housekeeping, mems: shield.housekeepingMems, tasks: offShield,
            containers: groups.containers[.unasked] ?? 0)
        let strategy = chooseStrategy(for: host.layout).strategy
        return [system]
            + shield.partitions.map { partition in
                var report = PartitionReport(
                    name: partition.name, cpus: partition.cpus, mems: partition.mems,
                    tasks: census.atHome[.partition(partition.name)] ?? 0,
                    containers: groups.containers[.partition(partition.name)] ?? 0)
                if shield.placement.isPool { report.engineParent = strategy.engineParent(of: partition.name) }
                return report
            }
    }

    private static func interrupted(_ intent: Journal.Intent?) -> Finding {
        let cpus = intent.map { " of CPUs \($0.shield.cpus)" } ?? ""
        return Finding(
            .error, "making or changing the shield\(cpus) was interrupted",
            why: "rtshield ended before its last step; its journal has the steps so far",
            advice: "run 'rtshield destroy' to put everything back; 'rtshield create' also does so first")
    }
}

extension ShieldReport.PoolReport {
    /// Reads the state of a pool; nil in the open placement.
    init?(_ shield: Shield, on host: Host) {
        guard case .pool(let balanced) = shield.placement else { return nil }
        let path = host.layout.owner == .systemd ? SystemdStrategy.slice : CgroupfsPlacement.pool
        let group = host.groups[path]
        switch host.layout.version {
        case .v1:
            let isBalanced = group?.isBalanced ?? true
            self.init(
                group: path, state: isBalanced ? "balanced" : "not balanced",
                isValid: group != nil && !host.groups.root.isBalanced && isBalanced == balanced)
        case .v2:
            let wanted = PartitionState(balanced ? .root : .isolated)
            self.init(
                group: path, state: group?.partition?.description ?? "no partition", isValid: group?.partition == wanted
            )
        }
    }
}
