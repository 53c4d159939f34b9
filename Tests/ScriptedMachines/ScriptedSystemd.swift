// SPDX-License-Identifier: Apache-2.0

import Linux

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit

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
    /// Whether a reload shows by itself, as it does with 252 and 262; with 257 only where a unit is realised.
    var appliesReloads = true
    /// The release, which it tells; nil when it does not answer.
    var release: Int?
    /// Whether it does what CPUSetPartition= says; older ones do not know it.
    var makesPartitions = true
    /// Whether a reload empties the lists of scopes without AllowedCPUs=, which 262 does and kernels up to 6.12 refuse.
    var clearsLists = false
    /// What running units were told to have.
    private(set) var properties: [String: CPUSet] = [:]
    /// Units that it gives nothing, and those that are over.
    var deaf: Set<String> = []
    var ended: Set<String> = []
    private var due: Int?
    /// With 257, groups that are looked at when a unit of their slice is realised, and those taken for handing the controller down.
    private var pending: Set<CgroupPath> = []
    private var handing: Set<CgroupPath> = []

    func run(_ command: [String], on machine: ScriptedMachine) -> (status: Int32, output: String) {
        let arguments = command.dropFirst()
        if let failing, arguments.starts(with: failing) { return (1, "Job failed.\n") }
        if command.first == "systemd-run" { return realise(command, on: machine) }
        switch arguments.first {
        case "daemon-reload":
            due = appliesReloads ? delay : nil
            if !appliesReloads { pending = Set(machine.cpusets.groups.keys) }
        case "start": for unit in arguments.dropFirst() { start(unit, on: machine) }
        case "stop": for unit in arguments.dropFirst() { stop(unit, on: machine) }
        case "show": return show(Array(arguments))
        default: return (1, "unknown command\n")
        }
        return (0, "")
    }

    /// Gives a running unit CPUs, once it gets to it.
    func allow(_ cpus: CPUSet, _ unit: String, on machine: ScriptedMachine) throws(Errno) {
        guard let path = machine.cpusets.groups.keys.first(where: { $0.name == unit }), !ended.contains(unit) else {
            throw .inputOutput
        }
        properties[unit] = cpus.isEmpty ? nil : cpus
        guard appliesReloads else { return }
        try? machine.cpusets.write(cpus.description, to: "cpuset.cpus", of: path)
    }

    /// Reads all units again, and takes its time for none of them.
    func reload(on machine: ScriptedMachine) {
        apply(on: machine)
    }

    /// Lets a moment pass.
    func settle(on machine: ScriptedMachine) {
        guard let left = due else { return }
        due = left > 1 ? left - 1 : nil
        if due == nil { apply(on: machine) }
    }

    private func start(_ unit: String, on machine: ScriptedMachine) {
        let path = SystemdUnits.group(of: unit)
        for path in path.ancestry where machine.cpusets.groups[path] == nil {
            try? machine.cpusets.makeDirectory(path)
            pending.insert(path)
        }
        if appliesReloads { apply(on: machine) } else { apply(around: path.parent, on: machine) }
    }

    private func stop(_ unit: String, on machine: ScriptedMachine) {
        let path = SystemdUnits.group(of: unit)
        if (try? machine.cpusets.removeDirectory(path)) != nil { handing.remove(path) }
    }

    private func show(_ arguments: [String]) -> (status: Int32, output: String) {
        if arguments.contains("--property=Version") { return release.map { (0, "\($0).1-1\n") } ?? (1, "") }
        let units = arguments.split(separator: "--").last ?? []
        return (
            0,
            units.map { "Id=\($0)\nActiveState=\(ended.contains($0) ? "inactive" : "active")\n" }.joined(
                separator: "\n")
        )
    }

    /// A unit that does nothing starts in a slice.
    private func realise(_ command: [String], on machine: ScriptedMachine) -> (status: Int32, output: String) {
        guard let slice = command.first(where: { $0.hasPrefix("--slice=") })?.dropFirst("--slice=".count) else {
            return (1, "no slice\n")
        }
        if !appliesReloads {
            apply(around: slice == "-.slice" ? .root : SystemdUnits.group(of: String(slice)), on: machine)
        }
        return (0, "")
    }

    private func apply(on machine: ScriptedMachine) {
        for path in machine.cpusets.groups.keys.sorted() {
            guard let cpus = limit(of: path, on: machine) else {
                if clearsLists, path.name.hasSuffix(".scope") {
                    try? machine.cpusets.write("", to: "cpuset.cpus", of: path)
                }
                continue
            }
            for above in path.ancestry.dropLast() { hand("+cpuset", down: above, on: machine) }
            give(cpus, path, on: machine)
        }
    }

    /// What 257 does when a unit is realised: the children of its slice and of those above are written, then the slices themselves.
    private func apply(around slice: CgroupPath, on machine: ScriptedMachine) {
        let family = machine.cpusets.groups.keys.filter {
            !$0.isRoot && slice.isWithin($0.parent) && pending.contains($0)
        }
        for path in family.sorted() {
            pending.remove(path)
            guard let cpus = limit(of: path, on: machine) else { continue }
            for above in path.ancestry.dropLast() where handing.insert(above).inserted {
                hand("+cpuset", down: above, on: machine)
            }
            give(cpus, path, on: machine)
        }
        for above in slice.ancestry.reversed() {
            let isNeeded = machine.cpusets.groups.keys.contains {
                $0 != above && $0.isWithin(above) && limit(of: $0, on: machine) != nil
            }
            hand(isNeeded ? "+cpuset" : "-cpuset", down: above, on: machine)
            if isNeeded { handing.insert(above) } else { handing.remove(above) }
        }
    }

    private func hand(_ word: String, down path: CgroupPath, on machine: ScriptedMachine) {
        try? machine.cpusets.write(word, to: "cgroup.subtree_control", of: path)
    }

    private func give(_ cpus: CPUSet, _ path: CgroupPath, on machine: ScriptedMachine) {
        guard !deaf.contains(path.name), !ended.contains(path.name) else { return }
        if machine.cpusets.groups[path]?.cpus != cpus {
            try? machine.cpusets.write(cpus.description, to: "cpuset.cpus", of: path)
        }
        let text = machine.texts[KernelFile(.units, path.name)] ?? ""
        let kinds = [PartitionState.Kind.root, .isolated].filter { text.contains("CPUSetPartition=\($0.rawValue)\n") }
        guard let kind = kinds.first, makesPartitions, (release ?? 0) >= 261 else { return }
        try? machine.cpusets.write(kind.rawValue, to: "cpuset.cpus.partition", of: path)
    }

    private func limit(of path: CgroupPath, on machine: ScriptedMachine) -> CPUSet? {
        path.parent.components.allSatisfy { $0.hasSuffix(".slice") } ? limit(of: path.name, on: machine) : nil
    }

    /// The merged lists of a unit and its drop-ins; nil without any.
    private func limit(of unit: String, on machine: ScriptedMachine) -> CPUSet? {
        if let cpus = properties[unit] { return cpus }
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
