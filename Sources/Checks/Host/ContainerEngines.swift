// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let enginePlacement = Rule(
        "engine-placement", .host,
        title: "Container engines run off the quiet CPUs",
        why:
            "dockerd, containerd, CRI-O and kubelet are busy whenever a container starts, is probed or logs, and every "
            + "helper that they start inherits their CPUs.",
        reference: "https://kubernetes.io/docs/tasks/administer-cluster/reserve-compute-resources/"
    ) { evidence in
        guard let intent = evidence.intent else { return [] }
        let remarks: [RuleResult] = evidence.daemons.engines.map { engine in
            let allowed = engine.group.map { evidence.host.groups.allowed(in: $0) } ?? evidence.host.online
            let cpus = allowed.isEmpty ? engine.affinity : engine.affinity.intersection(allowed)
            let disturbed = cpus.intersection(intent.cpus)
            if disturbed.isEmpty { return .ok("\(engine.name) runs on CPUs \(cpus)") }
            let what = "\(engine.name), process \(engine.id), may run on quiet CPUs \(disturbed)"
            let wanted = "CPUs \(evidence.housekeeping)"
            // Without a shield nothing was done for that yet, and one line says how.
            return evidence.shield == nil
                ? .note(what, wanted: wanted, fix: "rtshield create --cpus \(intent.cpus)")
                : .warning(what, wanted: wanted, fix: "rtshield reconcile")
        }
        return remarks
    }

    static let watchRuns = Rule(
        "watch", .host,
        title: "rtshield watch runs on hosts with container engines",
        why:
            "A container that requests no CPUs starts on all CPUs, and so may new kernel threads. Without the hook or "
            + "'rtshield watch' they stay on the shield until 'rtshield reconcile' runs.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset"
    ) { evidence in
        guard evidence.shield != nil, let engine = evidence.daemons.engines.first else { return [] }
        let isWatched = evidence.daemons["rtshield"].contains { $0.arguments.dropFirst().contains("watch") }
        if isWatched { return [.ok("rtshield watch runs")] }
        return [
            .note(
                "\(engine.name) runs, but rtshield watch does not", wanted: "rtshield watch as a service",
                fix: "systemctl enable --now rtshield.service")
        ]
    }
}
