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
            "Every ten seconds irqbalance moves interrupts onto any CPU that it is not configured to leave alone. By "
            + "default it leaves alone only the CPUs of isolcpus= and nohz_full=.",
        reference: "https://manpages.ubuntu.com/manpages/noble/en/man1/irqbalance.1.html"
    ) { evidence in
        guard let intent = evidence.intent, let settings = IrqbalanceSettings(evidence) else { return [] }
        let line = "IRQBALANCE_BANNED_CPULIST=\(intent.cpus)"
        let file = evidence.files.exists("/etc/sysconfig/irqbalance") ? "/etc/sysconfig" : "/etc/default"
        let fix = "put '\(line)' into \(file)/irqbalance, then: systemctl restart irqbalance"
        if let fault = settings.fault {
            return settings.remarks + [
                .warning("\(settings.source): \(fault) is not valid", wanted: line, fix: fix)
            ]
        }
        let banned = settings.banned ?? evidence.host.boot.isolatedCPUs.union(evidence.host.boot.nohzFull)
        let open = intent.cpus.intersection(evidence.host.online).subtracting(banned)
        guard !open.isEmpty else { return settings.remarks + [.ok("irqbalance leaves CPUs \(banned) alone")] }
        let told = settings.banned.map { "leaves CPUs \($0) alone" } ?? "leaves no CPU alone"
        return settings.remarks + [
            .warning(
                "irqbalance moves interrupts onto quiet CPUs \(open): according to \(settings.source) it \(told)",
                wanted: line,
                fix: evidence.shield == nil ? fix : "rtshield reconcile")
        ]
    }
}

/// What an irqbalance that runs leaves alone: as it says itself, else as its environment or its files have it.
struct IrqbalanceSettings: Sendable {
    /// Nil when nothing is banned by name: then it leaves alone what the kernel's command line isolates.
    private(set) var banned: CPUSet?
    /// Who says so.
    private(set) var source = "irqbalance"
    /// A value that is neither list nor mask.
    private(set) var fault: String?
    /// What cannot be read.
    private(set) var remarks: [RuleResult] = []

    /// Nil when none runs.
    init?(_ evidence: Evidence) {
        if let daemon = evidence.irqbalance {
            banned = daemon.banned
            return
        }
        guard let process = evidence.daemons["irqbalance"].first else { return nil }
        let environment =
            evidence.value(.proc, "\(process.id)/environ")
            .map { $0.split(separator: "\0").joined(separator: "\n") } ?? ""
        guard !read(environment, from: "the environment of irqbalance, process \(process.id)") else { return }
        for path in ["/etc/default/irqbalance", "/etc/sysconfig/irqbalance"] {
            if let text = evidence.files.text(of: path, complaining: &remarks), read(text, from: path) { return }
        }
    }

    /// Takes the word of a text, in which the list wins over the mask; false when it has none.
    private mutating func read(_ text: String, from source: String) -> Bool {
        let settings = Settings(text)
        let list = settings["IRQBALANCE_BANNED_CPULIST"], mask = settings["IRQBALANCE_BANNED_CPUS"]
        guard let setting = [list, mask].compactMap(\.self).first(where: { !$0.value.isEmpty }) else { return false }
        self.source = source
        banned = setting.key == list?.key ? CPUSet(kernelList: setting.value) : CPUSet(mask: setting.value)
        if banned == nil { fault = "\(setting.key)=\(setting.value)" }
        return true
    }
}
