// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    private static let stalldSource = "https://gitlab.com/rt-linux-tools/stalld"

    static let stalldRuns = Rule(
        "stalld", .host,
        title: "stalld runs if real-time tasks are never throttled",
        why:
            "With kernel.sched_rt_runtime_us -1 a real-time task that never sleeps keeps kernel threads of its CPU from "
            + "ever running, and the whole machine may wait for one of them. stalld gives them a little time.",
        reference: stalldSource
    ) { evidence in
        guard evidence.intent != nil, let runtime = evidence.sysctl("kernel.sched_rt_runtime_us") else { return [] }
        let runs = evidence.daemons.runs("stalld")
        if runtime == "-1", !runs {
            return [
                .note(
                    "real-time tasks are never throttled, and stalld does not run",
                    wanted: "stalld, or real-time tasks that sleep in each period", fix: "systemctl enable --now stalld"
                )
            ]
        }
        guard runs else { return [] }
        if runtime == "-1" { return [.ok("stalld runs")] }
        return [
            .note(
                "stalld runs, and kernel.sched_rt_runtime_us is \(runtime): both act when real-time tasks use a whole "
                    + "CPU",
                wanted: "-1 together with stalld", fix: "sysctl -w kernel.sched_rt_runtime_us=-1")
        ]
    }

    static let stalldCPUs = Rule(
        "stalld-cpus", .host,
        title: "stalld monitors every quiet CPU, and runs on none of them",
        why:
            "stalld helps only on the CPUs of its option -c, and itself runs on the CPUs of its option -a.",
        reference: stalldSource
    ) { evidence in
        guard let intent = evidence.intent, let daemon = evidence.daemons["stalld"].first else { return [] }
        var remarks: [RuleResult] = []
        let possible = evidence.host.topology.possible
        if let list = daemon.value(of: "--cpu", "-c"), let cpus = CPUSet(cpuSpecification: list, possible: possible),
            !intent.cpus.isSubset(of: cpus)
        {
            remarks.append(
                .note(
                    "stalld monitors only CPUs \(cpus)", wanted: "-c \(intent.cpus)",
                    fix: "put '-c \(intent.cpus)' into /etc/sysconfig/stalld, then: systemctl restart stalld"))
        }
        let disturbed = daemon.affinity.intersection(intent.cpus)
        if !disturbed.isEmpty {
            remarks.append(
                .warning(
                    "stalld may run on quiet CPUs \(disturbed)", wanted: "-a \(evidence.housekeeping)",
                    fix: "put '-a \(evidence.housekeeping)' into /etc/sysconfig/stalld, then: systemctl restart stalld")
            )
        }
        return remarks.isEmpty ? [.ok("stalld monitors the quiet CPUs")] : remarks
    }
}
