// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

extension Rule {
    static let foreignExclusives = Rule(
        "exclusive-groups", .host,
        title: "No cpuset of cgroup v1 is exclusive",
        why:
            "runc and crun fill empty ancestors of a container's cgroup with all CPUs. The kernel refuses that beside a "
            + "cgroup with cpu_exclusive, and then no container starts. 'cset shield' makes two such cgroups.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v1/cpusets.html"
    ) { evidence in
        guard evidence.host.layout.version == .v1 else { return [] }
        let exclusive = evidence.host.groups.all.filter { $0.isExclusive && !$0.path.isRoot }
        return exclusive.map { group in
            let what = "\(group.path) has CPUs \(group.effective) exclusively"
            let isOfCset = ["/user", "/system"].contains(group.path.description)
            let file = evidence.machine.path(of: group.path.file(evidence.host.layout.name("cpu_exclusive")))
            let fix = isOfCset ? "cset shield --reset" : "echo 0 > \(file)"
            guard let engine = evidence.daemons.engines.first else {
                return .warning(what, wanted: "cpu_exclusive 0", fix: fix)
            }
            return .error("\(what), so \(engine.name) cannot start containers", wanted: "cpu_exclusive 0", fix: fix)
        }
    }

    static let staleExclusives = Rule(
        "stale-exclusive", .host,
        title: "No CPUs are reserved for partitions that no longer exist",
        why:
            "CPUs in cpuset.cpus.exclusive of a cgroup are not available to other partitions, even if no partition below "
            + "the cgroup uses them any more, for example after an engine was killed: the next partition with these CPUs "
            + "becomes invalid.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset-interface-files"
    ) { evidence in
        guard evidence.host.layout.version == .v2 else { return [] }
        var used: [CgroupPath: CPUSet] = [:]
        for group in evidence.host.groups.all where group.partition.map({ $0.kind != .member }) ?? false {
            for path in group.path.ancestry {
                used[path, default: []].formUnion(group.reserved.union(group.cpus ?? []))
            }
        }
        return evidence.host.groups.all.compactMap { group in
            let stale = group.reserved.subtracting(used[group.path] ?? [])
            guard !stale.isEmpty, !group.path.isRoot else { return nil }
            let rest = group.reserved.subtracting(stale)
            let file = evidence.machine.path(of: group.path.file("cpuset.cpus.exclusive"))
            return .warning(
                "\(group.path) reserves CPUs \(stale) for partitions, but none has them",
                wanted: "'\(rest)' in \(file)",
                fix: "echo '\(rest)' > \(file)")
        }
    }

    static let foreignPartitions = Rule(
        "partitions", .host,
        title: "No partition that rtshield did not make has CPUs that others need",
        why:
            "A partition root of cgroup v2 takes its CPUs away from every cgroup outside it, including those of the "
            + "shield, and an invalid one does nothing at all. Before Linux 7.0 a cgroup beside it that lists one of its "
            + "CPUs makes it invalid; since then the other cgroup silently loses the CPU.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset-interface-files"
    ) { evidence in
        evidence.host.groups.foreignPartitions.compactMap { group in
            group.partition.map { evidence.remark(group, $0) }
        }
    }

    static let lostCPUs = Rule(
        "lost-cpus", .host,
        title: "CPUs that the root cgroup lacks are in a partition",
        why:
            "A CPU that is neither in the root cgroup nor in any partition cannot be used. From 6.7 to 6.19 the CPUs of "
            + "a remote partition that became invalid and was then removed stay in this state permanently.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset-interface-files"
    ) { evidence in
        let host = evidence.host
        // The root of a cgroup namespace is no root: it has a list of its own.
        guard host.layout.version == .v2, host.groups.root.cpus == nil else { return [] }
        let known = host.groups.all.reduce(host.groups.root.effective) { $0.union($1.taken) }
        let lost = host.online.subtracting(known)
        guard !known.isEmpty, !lost.isEmpty else { return [] }
        let group = evidence.machine.path(of: CgroupPath("/lost").directory)
        return [
            .warning(
                "\(lost.title) \(lost.count == 1 ? "is" : "are") neither in the root cgroup nor in any partition",
                wanted: "\(host.online) in the root cgroup and in partitions",
                // What a partition gives back is the root's again, wherever it was before.
                fix:
                    "g=\(group); mkdir $g; echo \(lost) > $g/cpuset.cpus; for word in isolated member; do echo $word > "
                    + "$g/cpuset.cpus.partition; done; rmdir $g")
        ]
    }
}

extension Evidence {
    /// What a partition of somebody else does to the shield, and to groups that ask for its CPUs.
    fileprivate func remark(_ group: Cgroup, _ state: PartitionState) -> RuleResult {
        let fix = "echo member > \(machine.path(of: group.path.file("cpuset.cpus.partition")))"
        guard state.isValid else {
            return .warning("\(group.path) is '\(state)'", wanted: "a valid partition, or a member", fix: fix)
        }
        let what = "\(group.path) is a partition of CPUs \(group.taken), which rtshield did not make"
        let warning = { (loss: String) in RuleResult.warning("\(what), and \(loss)", wanted: "a member", fix: fix) }
        // What a partition has is not in the root group any more, wherever the partition is.
        let gone = group.taken.intersection(host.online).subtracting(host.groups.root.effective)
        if let shield {
            let quiet = group.taken.intersection(shield.cpus)
            if !quiet.isEmpty { return warning("has quiet CPUs \(quiet)") }
            let housekeeping = gone.intersection(shield.housekeeping)
            if !housekeeping.isEmpty { return warning("takes housekeeping CPUs \(housekeeping)") }
        }
        guard let loser = loser(of: gone, to: group.path) else { return .note(what) }
        return warning("\(loser.path) requests CPUs \(gone.intersection(loser.cpus ?? [])) of it and does not get them")
    }

    /// A group outside a partition that lists CPUs of it, and does not get them.
    ///
    /// One that lists every CPU asked for none.
    private func loser(of cpus: CPUSet, to partition: CgroupPath) -> Cgroup? {
        host.groups.all.first { group in
            let asked = (group.cpus ?? []).subtracting(group.effective).intersection(cpus)
            return !asked.isEmpty && !(group.cpus ?? []).isSuperset(of: host.online)
                && !group.path.isWithin(partition) && !partition.isWithin(group.path)
        }
    }
}
