// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let systemdCPUs = Rule(
        "systemd-cpus", .host,
        title: "systemd starts services beside the quiet CPUs",
        why:
            "CPUAffinity= of system.conf is what every service begins with, and AllowedCPUs= and CPUAffinity= of a unit are "
            + "written again by each daemon-reload or restart, whatever a shield did meanwhile.",
        reference: "https://manpages.ubuntu.com/manpages/jammy/man5/systemd.resource-control.5.html"
    ) { evidence in
        let settings = evidence.systemd
        guard let intent = evidence.intent else { return settings.remarks }
        var remarks = settings.remarks
        if let manager = settings.manager { remarks += check(manager, beside: intent, evidence) }
        for unit in settings.units where unit.cpus.map({ !$0.isSubset(of: intent.cpus) }) ?? true {
            remarks += check(unit, beside: intent, evidence).filter { $0.severity != .ok }
        }
        return remarks
    }

    private static func check(
        _ setting: SystemdSettings.Setting, beside intent: Intent, _ evidence: Evidence
    ) -> [RuleResult] {
        let line = "\(setting.key)=\(evidence.housekeeping)"
        let name = setting.unit == "systemd" ? setting.key + "=" : "\(setting.key)= of \(setting.unit)"
        guard let cpus = setting.cpus else {
            return [
                .warning(
                    "\(setting.place): \(name) is '\(setting.value)', which is no CPU list", wanted: line,
                    fix: "put '\(line)' there, then: systemctl daemon-reload")
            ]
        }
        let disturbed = cpus.intersection(intent.cpus)
        if disturbed.isEmpty { return [.ok("\(setting.place): \(name) is \(cpus)")] }
        let reload = setting.unit == "systemd" ? "systemctl daemon-reexec" : "systemctl daemon-reload"
        return [
            .warning(
                "\(setting.place): \(name) is \(cpus), which has quiet CPUs \(disturbed)", wanted: line,
                fix: "put '\(line)' there, then: \(reload)")
        ]
    }
}
