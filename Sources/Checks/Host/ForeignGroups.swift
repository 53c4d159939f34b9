// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

extension Rule {
    static let foreignExclusives = Rule(
        "exclusive-groups", .host,
        title: "No group of cgroup v1 is exclusive",
        why:
            "runc and crun fill empty groups above a container's with all CPUs, which the kernel refuses beside a group "
            + "that has cpu_exclusive: no container starts then. 'cset shield' makes two of them.",
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
        title: "No CPUs are reserved for partitions that are gone",
        why:
            "CPUs in cpuset.cpus.exclusive of a group are kept from the partitions of others even when no partition below "
            + "it has them any more, as an engine leaves it that was killed: the next one becomes invalid.",
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
                "\(group.path) reserves CPUs \(stale) for partitions, and none has them",
                wanted: "'\(rest)' in \(file)",
                fix: "echo '\(rest)' > \(file)")
        }
    }
}
