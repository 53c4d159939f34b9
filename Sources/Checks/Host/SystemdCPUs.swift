// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let systemdCPUs = Rule(
        "systemd-cpus", .host,
        title: "systemd starts services off the quiet CPUs",
        why:
            "Every service starts with CPUAffinity= of system.conf, and each daemon-reload or restart applies "
            + "AllowedCPUs= and CPUAffinity= of a unit again, whatever a shield did meanwhile.",
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
                    "\(setting.place): \(name) is '\(setting.value)', which is not a CPU list", wanted: line,
                    fix: "put '\(line)' there, then: systemctl daemon-reload")
            ]
        }
        let disturbed = cpus.intersection(intent.cpus)
        if disturbed.isEmpty { return [.ok("\(setting.place): \(name) is \(cpus)")] }
        let reload = setting.unit == "systemd" ? "systemctl daemon-reexec" : "systemctl daemon-reload"
        return [
            .warning(
                "\(setting.place): \(name) is \(cpus), which includes quiet CPUs \(disturbed)", wanted: line,
                fix: "put '\(line)' there, then: \(reload)")
        ]
    }
}

/// What systemd is told of CPUs: by its own configuration, by units of the administrator and by the kernel's command line.
struct SystemdSettings: Sendable {
    /// One setting of CPUs.
    struct Setting: Hashable, Sendable {
        /// The unit, or `systemd` where it is for every service.
        var unit: String
        /// `CPUAffinity` or `AllowedCPUs`.
        var key: String
        /// Nil when the value is no CPU list.
        var cpus: CPUSet?
        var value: String
        /// Where it is set: a file and its line.
        var place: String
    }

    /// What holds for all that systemd starts; nil when nothing is said.
    private(set) var manager: Setting?
    /// What holds for single units.
    private(set) var units: [Setting] = []
    /// What cannot be read.
    private(set) var remarks: [RuleResult] = []

    init(_ files: HostFiles, boot: BootOptions) {
        for path in Self.managerFiles(files) { readManager(path, files) }
        if let value = boot.value(of: "systemd.cpu_affinity") {
            manager = Self.setting(
                "systemd", "CPUAffinity", value, at: "systemd.cpu_affinity= of the kernel's command line")
        }
        for directory in Self.unitDirectories { readUnits(in: directory, files) }
    }

    private static let unitDirectories = [
        "/etc/systemd/system", "/run/systemd/system", "/etc/systemd/system.control", "/run/systemd/system.control",
    ]

    /// The file of the manager, then its drop-ins by name; one in /etc masks one of the same name elsewhere.
    private static func managerFiles(_ files: HostFiles) -> [String] {
        var dropIns: [String: String] = [:]
        for directory in ["/usr/lib/systemd", "/run/systemd", "/etc/systemd"].map({ $0 + "/system.conf.d" }) {
            for name in files.names(in: directory) where name.hasSuffix(".conf") {
                dropIns[name] = directory + "/" + name
            }
        }
        return ["/etc/systemd/system.conf"] + dropIns.sorted { $0.key < $1.key }.map(\.value)
    }

    private mutating func readManager(_ path: String, _ files: HostFiles) {
        guard let text = files.text(of: path, complaining: &remarks) else { return }
        for line in Settings(text).all where line.section == "Manager" && line.key == "CPUAffinity" {
            let setting = Self.setting("systemd", line.key, line.value, at: "\(path):\(line.line)")
            // An empty list forgets those before, others add to them (systemd-system.conf(5)).
            guard !line.value.isEmpty else {
                manager = nil
                continue
            }
            let earlier = manager?.cpus ?? []
            manager = setting
            if let cpus = setting.cpus { manager?.cpus = cpus.union(earlier) }
        }
    }

    // MARK: - Units

    private mutating func readUnits(in directory: String, _ files: HostFiles) {
        for name in files.names(in: directory) {
            let path = directory + "/" + name
            if name.hasSuffix(".d") {
                let unit = String(name.dropLast(2))
                for dropIn in files.names(in: path) where dropIn.hasSuffix(".conf") {
                    readUnit(unit, path + "/" + dropIn, files)
                }
            } else if [".service", ".slice", ".scope"].contains(where: name.hasSuffix) {
                readUnit(name, path, files)
            }
        }
    }

    private mutating func readUnit(_ unit: String, _ path: String, _ files: HostFiles) {
        // A unit that is masked leads to /dev/null.
        guard let status = try? files.status(of: path), status.kind == .file,
            let text = files.text(of: path, complaining: &remarks), !text.hasPrefix("# Written by rtshield")
        else { return }
        for line in Settings(text).all where ["AllowedCPUs", "CPUAffinity"].contains(line.key) && !line.value.isEmpty {
            units.append(Self.setting(unit, line.key, line.value, at: "\(path):\(line.line)"))
        }
    }

    private static func setting(_ unit: String, _ key: String, _ value: String, at place: String) -> Setting {
        // Blanks and commas separate alike (systemd.exec(5)).
        let words = value.split { $0 == "," || $0.isWhitespace }.joined(separator: ",")
        return Setting(
            unit: unit, key: key, cpus: words.isEmpty ? nil : CPUSet(kernelList: words), value: value, place: place)
    }
}
