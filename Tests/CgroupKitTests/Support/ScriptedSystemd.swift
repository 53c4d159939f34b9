// SPDX-License-Identifier: Apache-2.0

import Linux

@testable import CgroupKit

/// As much of systemd as takes `AllowedCPUs=` of run-time unit files to the groups of a scripted machine.
///
/// It applies what it read a moment after `daemon-reload` returned, merges the lists of a unit's drop-ins, enables the controller on
/// the way, and leaves a group's CPUs as they are when the limit goes.
final class ScriptedSystemd: @unchecked Sendable {
    /// How many pauses pass before a reload shows.
    var delay = 1
    /// `AllowedCPUs=` in the unit files of the distribution.
    var own: [String: String] = [:]
    /// The command whose first words are these fails.
    var failing: [String]?
    private var due: Int?

    func run(_ arguments: [String], on machine: ScriptedMachine) -> (status: Int32, output: String) {
        if let failing, arguments.starts(with: failing) { return (1, "Job failed.\n") }
        switch arguments.first {
        case "daemon-reload": due = delay
        case "start": for unit in arguments.dropFirst() { start(unit, on: machine) }
        case "stop": for unit in arguments.dropFirst() { stop(unit, on: machine) }
        default: return (1, "unknown command\n")
        }
        return (0, "")
    }

    /// Lets a moment pass.
    func settle(on machine: ScriptedMachine) {
        guard let left = due else { return }
        due = left > 1 ? left - 1 : nil
        if due == nil { apply(on: machine) }
    }

    private func start(_ unit: String, on machine: ScriptedMachine) {
        for path in SystemdUnits.group(of: unit).lineage { try? machine.cpusets.makeDirectory(path) }
        apply(on: machine)
    }

    private func stop(_ unit: String, on machine: ScriptedMachine) {
        try? machine.cpusets.removeDirectory(SystemdUnits.group(of: unit))
    }

    private func apply(on machine: ScriptedMachine) {
        for path in machine.cpusets.groups.keys.sorted() {
            guard let cpus = limit(of: path.name, on: machine) else { continue }
            for above in path.lineage.dropLast() {
                try? machine.cpusets.write("+cpuset", to: "cgroup.subtree_control", of: above)
            }
            if machine.cpusets.groups[path]?.cpus != cpus {
                try? machine.cpusets.write(cpus.description, to: "cpuset.cpus", of: path)
            }
        }
    }

    /// The merged lists of a unit and its drop-ins; nil without any.
    private func limit(of unit: String, on machine: ScriptedMachine) -> CPUSet? {
        let type = unit.split(separator: ".").last.map { "\($0).d/50-rtshield.conf" } ?? ""
        let prefix = unit.hasPrefix("session-") ? "session-.scope.d/50-rtshield.conf" : ""
        let files = [type, prefix, "\(unit).d/50-rtshield.conf", "\(unit).d/60-rtshield.conf"]
        var texts = (own[unit].map { ["AllowedCPUs=\($0)"] } ?? []) + [machine.texts[KernelFile(.units, unit)] ?? ""]
        // Of drop-ins with one name only the nearest to the unit counts.
        var dropIns: [Substring: String] = [:]
        for file in files {
            let name = file.split(separator: "/").last ?? ""
            if let text = machine.texts[KernelFile(.units, file)] { dropIns[name] = text }
        }
        texts += dropIns.sorted { $0.key < $1.key }.map(\.value)
        var limit: CPUSet?
        for line in texts.joined(separator: "\n").split(separator: "\n") where line.hasPrefix("AllowedCPUs=") {
            let cpus = CPUSet(kernelList: line.dropFirst("AllowedCPUs=".count)) ?? []
            limit = cpus.isEmpty ? nil : (limit ?? []).union(cpus)
        }
        return limit
    }
}
