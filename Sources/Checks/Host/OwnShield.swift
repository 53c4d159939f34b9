// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Configuration
import Linux
import MachineKit
import Reports
import ShieldKit

extension Rule {
    /// What is checked of the other programs of the host, and of rtshield itself.
    static let hostRules: [Rule] = [
        .shieldState, .configurationIsValid, .configurationIsApplied, .watchRuns,
        .tunedCPUs, .tunedRivalry, .irqbalanceBans, .stalldRuns, .stalldCPUs,
        .onlineCPUs, .systemdCPUs, .foreignExclusives, .foreignPartitions, .lostCPUs, .staleExclusives,
        .enginePlacement, .novaCPUs, .guestThreads,
    ]

    static let shieldState = Rule(
        "shield", .host,
        title: "The shield is complete and unchanged",
        why:
            "A shield that is incomplete, or that other programs have changed, keeps off less than it says. 'rtshield "
            + "status' lists each problem.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset"
    ) { evidence in
        guard let journal = evidence.journal else { return [] }
        let report = ShieldReport(of: evidence.machine, host: evidence.host, journal: journal)
        guard report.state != .interrupted else {
            return [
                .error(
                    "making or changing the shield was interrupted", wanted: "a complete shield, or none",
                    fix: "rtshield destroy")
            ]
        }
        let problems = report.findings.filter { $0.severity >= .warning }
        guard let first = problems.first else { return [.ok("rtshield status reports no problems")] }
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        let what = "rtshield status reports \(count), the first: \(first.what)"
        let fix = "rtshield reconcile; rtshield status"
        return first.severity == .error
            ? [.error(what, wanted: "none", fix: fix)] : [.warning(what, wanted: "none", fix: fix)]
    }

    static let onlineCPUs = Rule(
        "online-cpus", .host,
        title: "Every CPU that is meant to be quiet is online",
        why:
            "When a CPU goes offline, programs that are pinned to it run elsewhere, and do not always return by "
            + "themselves: cgroup v1 removes the CPU from its cpusets.",
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
                    "\(intent.speaker) names CPUs \(missing), which this machine does not have",
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

    static let configurationIsValid = Rule(
        "configuration", .host,
        title: "rtshield's own configuration is valid",
        why:
            "With an invalid configuration no shield is made at boot, and a container that requests anything by an "
            + "annotation does not start.",
        reference: "https://yaml.org/spec/1.2.2/"
    ) { evidence in
        if evidence.configuration != nil { return [.ok("\(Configuration.path) is valid")] }
        return evidence.configurationFaults.map { fault in
            .error(
                fault, wanted: "a file that 'rtshield config check' accepts",
                fix: "rtshield config check \(Configuration.path)")
        }
    }

    static let configurationIsApplied = Rule(
        "configured-shield", .host,
        title: "The current shield is the one in the configuration",
        why: "The next boot makes the shield of the configuration, which would then differ from the current one.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset"
    ) { evidence in
        guard evidence.configuration?.shield != nil else { return [] }
        guard let wanted = evidence.configuredShield else {
            return [
                .error(
                    "the shield of \(Configuration.path) does not fit this machine", wanted: "CPUs that it has",
                    fix: "rtshield apply --dry-run")
            ]
        }
        guard let shield = evidence.shield else {
            return [
                .warning(
                    "\(Configuration.path) describes a shield of CPUs \(wanted.cpus), but there is no shield",
                    wanted: "a shield of CPUs \(wanted.cpus)", fix: "rtshield apply")
            ]
        }
        if shield.cpus == wanted.cpus { return [.ok("the shield of CPUs \(shield.cpus) is the configured one")] }
        return [
            .warning(
                "the shield has CPUs \(shield.cpus), but \(Configuration.path) has \(wanted.cpus)",
                wanted: "a shield of CPUs \(wanted.cpus)", fix: "rtshield apply")
        ]
    }
}

/// What `/etc/rtshield/config.yaml` of a machine says, or everything that is wrong with it.
struct ConfigurationReading: Sendable {
    /// Nil when there is none, or something is wrong with it.
    private(set) var configuration: Configuration?
    /// What is wrong with it, each with its place.
    private(set) var faults: [String] = []

    /// Takes one that was read already.
    init(_ configuration: Configuration) { self.configuration = configuration }

    /// Reads that of a machine.
    init(_ files: HostFiles) {
        let bytes: [UInt8]
        do throws(FileError) {
            bytes = try files.bytes(of: Configuration.path)
        } catch {
            if !error.isAbsence, error.errno != .notDirectory {
                faults = ["\(Configuration.path) cannot be read: \(HostFiles.reason(error))"]
            }
            return
        }
        do throws(ConfigurationError) {
            configuration = try Configuration(reading: bytes)
        } catch {
            faults = error.problems.map { "\(Configuration.path):\($0.line):\($0.column): \($0.message)" }
        }
    }
}
