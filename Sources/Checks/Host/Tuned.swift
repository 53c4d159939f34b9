// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Reports
import ShieldKit

extension Rule {
    private static let tunedManual = "https://man.archlinux.org/man/tuned-profiles-cpu-partitioning.7.en"

    static let tunedCPUs = Rule(
        "tuned-cpus", .host,
        title: "tuned isolates the CPUs that are meant to be quiet",
        why:
            "A profile such as cpu-partitioning, realtime or realtime-virtual-host moves everything off the CPUs of "
            + "isolated_cores, and adds these CPUs to the kernel's command line at the next boot.",
        reference: tunedManual
    ) { evidence in
        guard let tuned = evidence.tuned else { return [] }
        guard let isolated = tuned.isolated else { return tuned.remarks + missing(tuned, evidence) }
        guard let intent = evidence.intent else { return tuned.remarks }
        let line = "isolated_cores=\(intent.cpus)"
        guard let cpus = isolated.cpus else {
            return tuned.remarks + [
                .note(
                    "\(isolated.place): isolated_cores is '\(isolated.value)', which rtshield cannot read as a CPU list",
                    wanted: line, fix: "tuned-adm verify")
            ]
        }
        if cpus == intent.cpus { return tuned.remarks + [.ok("tuned isolates CPUs \(cpus)")] }
        return tuned.remarks + [
            .warning(
                "\(isolated.place): tuned isolates CPUs \(cpus), but \(intent.speaker) names \(intent.cpus)",
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
        title: "tuned does not move tasks and interrupts that the shield has placed",
        why:
            "tuned moves every task and interrupt, including those of containers, off isolated_cores when it starts, and "
            + "moves them back when it ends; with dynamic tuning it changes settings while it runs. The last write wins.",
        reference: tunedManual
    ) { evidence in
        guard evidence.shield != nil, evidence.daemons.runs("tuned"), let tuned = evidence.tuned else { return [] }
        var remarks: [RuleResult] = []
        if tuned.isPartitioning, tuned.isolated?.cpus != evidence.intent?.cpus {
            remarks.append(
                .warning(
                    "tuned runs with the profile \(tuned.profile), which places tasks and interrupts for other isolated "
                        + "CPUs",
                    wanted: "one program that places them", fix: "tuned-adm profile network-latency"))
        } else if tuned.isPartitioning {
            remarks.append(
                .note(
                    "tuned runs with the profile \(tuned.profile), and places tasks and interrupts too",
                    wanted: "a repair of the shield after each start of tuned", fix: "rtshield reconcile"))
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

/// What tuned is told: its active profile, and the CPUs that this is to isolate.
struct Tuned: Sendable {
    /// A value of the profile's variables.
    struct Variable: Hashable, Sendable {
        var value: String
        /// Nil when the value is no CPU list: a function such as `${f:calc_isolated_cores:1}`, or a name.
        var cpus: CPUSet?
        /// A file and its line.
        var place: String
    }

    /// The profile, as `tuned-adm active` prints it.
    let profile: String
    /// `isolated_cores` of the profile's variables; nil when it has none.
    private(set) var isolated: Variable?
    /// Whether tuned changes settings by load while it runs.
    private(set) var isDynamic = false
    /// What cannot be read.
    private(set) var remarks: [RuleResult] = []

    /// Nil without an active profile.
    init?(_ files: HostFiles, possible: CPUSet) {
        var remarks: [RuleResult] = []
        let active = files.text(of: "/etc/tuned/active_profile", complaining: &remarks) ?? ""
        let words = active.split(whereSeparator: \.isWhitespace)
        guard !words.isEmpty || !remarks.isEmpty else { return nil }
        profile = words.joined(separator: " ")
        self.remarks = remarks
        // Several profiles may be active, of which the last one counts.
        for name in words.suffix(8) { readVariables(of: String(name), files, possible) }
        if let main = files.text(of: "/etc/tuned/tuned-main.conf", complaining: &self.remarks) {
            let word = Settings(main)["dynamic_tuning"]?.value.lowercased() ?? "0"
            isDynamic = ["1", "true", "yes", "on"].contains(word)
        }
    }

    /// The profiles that take CPUs away from everybody else.
    var isPartitioning: Bool {
        profile.split(separator: " ").contains { name in
            name.hasPrefix("cpu-partitioning") || name.hasPrefix("realtime")
                || name.hasPrefix("openshift-node-performance")
        }
    }

    private mutating func readVariables(of profile: String, _ files: HostFiles, _ possible: CPUSet) {
        // A profile's name is one of a directory, and nothing else.
        guard !profile.contains("/"), !profile.hasPrefix(".") else { return }
        let family = profile.hasPrefix("cpu-partitioning") ? "cpu-partitioning" : profile
        for path in ["/etc/tuned/\(family)-variables.conf", "/etc/tuned/\(profile)/tuned.conf"] {
            guard let text = files.text(of: path, complaining: &remarks),
                let setting = Settings(text).all.last(where: { $0.key == "isolated_cores" }), !setting.value.isEmpty
            else { continue }
            isolated = Variable(
                value: setting.value, cpus: CPUSet(cpuSpecification: setting.value, possible: possible),
                place: "\(path):\(setting.line)")
        }
    }
}

extension CPUSet {
    /// Reads what tuned, nova and libvirt call a CPU list: `4-12,^8` is all of 4 to 12 but 8; nil when it is none.
    init?(cpuSpecification text: String, possible: CPUSet) {
        var wanted: CPUSet = []
        var unwanted: CPUSet = []
        for item in text.split(separator: ",") {
            let words = item.filter { !$0.isWhitespace }
            let isLess = words.hasPrefix("^") || words.hasPrefix("!")
            guard let cpus = CPUSet(kernelList: isLess ? String(words.dropFirst()) : words) else { return nil }
            if isLess { unwanted.formUnion(cpus) } else { wanted.formUnion(cpus) }
        }
        self = wanted.subtracting(unwanted)
    }
}
