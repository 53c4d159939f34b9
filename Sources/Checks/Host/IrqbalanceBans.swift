// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let irqbalanceBans = Rule(
        "irqbalance", .host,
        title: "irqbalance leaves the quiet CPUs alone",
        why:
            "irqbalance moves interrupts every ten seconds onto any CPU that it was not told to leave. Told nothing, it "
            + "only leaves what isolcpus= and nohz_full= isolate.",
        reference: "https://manpages.ubuntu.com/manpages/noble/en/man1/irqbalance.1.html"
    ) { evidence in
        guard let intent = evidence.intent, let settings = IrqbalanceSettings(evidence) else { return [] }
        let line = "IRQBALANCE_BANNED_CPULIST=\(intent.cpus)"
        let file = evidence.files.exists("/etc/sysconfig/irqbalance") ? "/etc/sysconfig" : "/etc/default"
        let fix = "put '\(line)' into \(file)/irqbalance, then: systemctl restart irqbalance"
        if let fault = settings.fault {
            return settings.remarks + [
                .warning("\(settings.source): \(fault) is not understood", wanted: line, fix: fix)
            ]
        }
        let banned = settings.banned ?? evidence.host.boot.isolatedCPUs.union(evidence.host.boot.nohzFull)
        let open = intent.cpus.intersection(evidence.host.online).subtracting(banned)
        guard !open.isEmpty else { return settings.remarks + [.ok("irqbalance leaves CPUs \(banned) alone")] }
        let told = settings.banned.map { "was told to leave CPUs \($0) alone" } ?? "was told to leave no CPU alone"
        return settings.remarks + [
            .warning(
                "irqbalance moves interrupts onto quiet CPUs \(open): by \(settings.source) it \(told)", wanted: line,
                fix: evidence.shield == nil ? fix : "rtshield reconcile")
        ]
    }
}
