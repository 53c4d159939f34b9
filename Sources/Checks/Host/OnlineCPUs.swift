// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let onlineCPUs = Rule(
        "online-cpus", .host,
        title: "Every CPU that is meant to be quiet is online",
        why:
            "What was pinned to a CPU that goes offline runs elsewhere from then on, and does not come back by itself "
            + "everywhere: cgroup v1 forgets the CPU.",
        reference: "https://docs.kernel.org/core-api/cpu_hotplug.html"
    ) { evidence in
        guard let intent = evidence.intent else { return [] }
        let host = evidence.host
        let missing = intent.cpus.subtracting(host.topology.present)
        let offline = intent.cpus.subtracting(host.online).subtracting(missing)
        var remarks: [RuleResult] = []
        if !missing.isEmpty {
            remarks.append(
                .error(
                    "\(intent.speaker) means CPUs \(missing), which this machine does not have",
                    wanted: "CPUs of \(host.topology.present)", fix: "lscpu --extended"))
        }
        if !offline.isEmpty {
            remarks.append(
                .warning(
                    "quiet CPUs \(offline) are offline", wanted: "CPUs \(intent.cpus) online",
                    fix: "chcpu -e \(offline)" + (evidence.shield == nil ? "" : "; rtshield reconcile")))
        }
        return remarks.isEmpty ? [.ok("CPUs \(intent.cpus) are online")] : remarks
    }
}
