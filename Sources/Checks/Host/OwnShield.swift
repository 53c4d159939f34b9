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
        title: "The shield stands as it was made",
        why:
            "A shield that was interrupted, or that others changed since, keeps CPUs less quiet than it says. "
            + "'rtshield status' tells each thing by itself.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset"
    ) { evidence in
        guard let journal = evidence.journal else { return [] }
        let report = ShieldReport(of: evidence.machine, host: evidence.host, journal: journal)
        guard report.state != .interrupted else {
            return [
                .error(
                    "making or changing the shield was interrupted", wanted: "a shield that is whole, or none",
                    fix: "rtshield destroy")
            ]
        }
        let problems = report.findings.filter { $0.severity >= .warning }
        guard let first = problems.first else { return [.ok("rtshield status has nothing to complain of")] }
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        let what = "rtshield status tells of \(count), the first: \(first.what)"
        let fix = "rtshield reconcile; rtshield status"
        return first.severity == .error
            ? [.error(what, wanted: "none", fix: fix)] : [.warning(what, wanted: "none", fix: fix)]
    }

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

    static let configurationIsValid = Rule(
        "configuration", .host,
        title: "rtshield's own configuration can be read and understood",
        why:
            "Where it cannot, no shield is made at boot, and a container that asks for anything by an annotation does not "
            + "start.",
        reference: "https://yaml.org/spec/1.2.2/"
    ) { evidence in
        if evidence.configuration != nil { return [.ok("\(Configuration.path) is understood")] }
        return evidence.configurationFaults.map { fault in
            .error(
                fault, wanted: "a file that 'rtshield config check' accepts",
                fix: "rtshield config check \(Configuration.path)")
        }
    }

    static let configurationIsApplied = Rule(
        "configured-shield", .host,
        title: "The shield that stands is the one that is configured",
        why: "The next boot makes the shield of the configuration, which is then another one than that of today.",
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
                    "\(Configuration.path) wants CPUs \(wanted.cpus) shielded, and no shield stands",
                    wanted: "a shield of CPUs \(wanted.cpus)", fix: "rtshield apply")
            ]
        }
        if shield.cpus == wanted.cpus { return [.ok("the shield of CPUs \(shield.cpus) is the configured one")] }
        return [
            .warning(
                "the shield is CPUs \(shield.cpus), and \(Configuration.path) wants \(wanted.cpus)",
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
