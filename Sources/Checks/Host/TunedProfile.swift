// SPDX-License-Identifier: Apache-2.0

import Reports
import ShieldKit

extension Rule {
    private static let tunedManual = "https://man.archlinux.org/man/tuned-profiles-cpu-partitioning.7.en"

    static let tunedCPUs = Rule(
        "tuned-cpus", .host,
        title: "tuned isolates the CPUs that are meant to be quiet",
        why:
            "A profile such as cpu-partitioning, realtime or realtime-virtual-host moves everything off the CPUs of "
            + "isolated_cores, and puts them on the kernel's command line at the next boot.",
        reference: tunedManual
    ) { evidence in
        guard let tuned = evidence.tuned else { return [] }
        guard let isolated = tuned.isolated else { return tuned.remarks + missing(tuned, evidence) }
        guard let intent = evidence.intent else { return tuned.remarks }
        let line = "isolated_cores=\(intent.cpus)"
        guard let cpus = isolated.cpus else {
            return tuned.remarks + [
                .note(
                    "\(isolated.place): isolated_cores is '\(isolated.value)', which is not a CPU list and is not "
                        + "understood here", wanted: line, fix: "tuned-adm verify")
            ]
        }
        if cpus == intent.cpus { return tuned.remarks + [.ok("tuned isolates CPUs \(cpus)")] }
        return tuned.remarks + [
            .warning(
                "\(isolated.place): tuned isolates CPUs \(cpus), and \(intent.speaker) means \(intent.cpus)",
                wanted: line, fix: "put '\(line)' there, then: tuned-adm profile \(tuned.profile)")
        ]
    }

    /// A profile that needs the variable, and does not have it.
    private static func missing(_ tuned: Tuned, _ evidence: Evidence) -> [RuleResult] {
        guard tuned.isPartitioning, tuned.remarks.isEmpty, let intent = evidence.intent else { return [] }
        return [
            .note(
                "tuned's profile is \(tuned.profile), and no isolated_cores was found for it",
                wanted: "isolated_cores=\(intent.cpus)", fix: "tuned-adm verify")
        ]
    }

    static let tunedRivalry = Rule(
        "tuned-rivalry", .host,
        title: "tuned does not move what the shield has placed",
        why:
            "tuned moves every task and interrupt off isolated_cores when it starts, containers among them, and puts them "
            + "back when it ends; with dynamic tuning it changes settings while it runs. The last writer wins.",
        reference: tunedManual
    ) { evidence in
        guard evidence.shield != nil, evidence.daemons.runs("tuned"), let tuned = evidence.tuned else { return [] }
        var remarks: [RuleResult] = []
        if tuned.isPartitioning, tuned.isolated?.cpus != evidence.intent?.cpus {
            remarks.append(
                .warning(
                    "tuned runs with the profile \(tuned.profile), which places tasks and interrupts by other CPUs",
                    wanted: "one program that places them", fix: "tuned-adm profile network-latency"))
        } else if tuned.isPartitioning {
            remarks.append(
                .note(
                    "tuned runs with the profile \(tuned.profile), and places tasks and interrupts too",
                    wanted: "a shield that is looked after when tuned starts again", fix: "rtshield reconcile"))
        }
        if tuned.isDynamic {
            remarks.append(
                .note(
                    "tuned changes settings by load: dynamic_tuning is on", wanted: "dynamic_tuning = 0",
                    fix: "put 'dynamic_tuning = 0' into /etc/tuned/tuned-main.conf, then: systemctl restart tuned"))
        }
        return remarks.isEmpty ? [.ok("tuned's profile is \(tuned.profile)")] : remarks
    }
}
