// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

/// The run-time unit files by which systemd keeps the host off the shield and offers the partitions as slices.
package struct SystemdUnits {
    private let draft: PlanDraft
    private var shield: Shield { draft.shield }

    package init(in draft: PlanDraft) { self.draft = draft }

    /// The slice of a partition.
    package static func slice(of partition: String) -> String { "rtshield-\(partition).slice" }

    /// The group of a slice: systemd nests slices by the dashes in their names.
    package static func group(of slice: String) -> CgroupPath {
        let words = slice.dropLast(".slice".count).split(separator: "-")
        return CgroupPath(
            components: (1...max(1, words.count)).map { words.prefix($0).joined(separator: "-") + ".slice" })
    }

    /// The unit of a group: systemd puts an underscore before what the kernel could take for a file of its own (`_cpu.service`).
    package static func unit(of group: CgroupPath) -> String {
        group.isRoot ? "-.slice" : String(group.name.dropFirst(group.name.hasPrefix("_") ? 1 : 0))
    }

    /// The cgroup of PID 1, which asks for no CPUs: a list there is what an earlier shield left, or systemd writes it again.
    static let initScope = CgroupPath("/init.scope")

    /// The drop-in that narrows every service.
    package static let serviceDropIn = "service.d/50-rtshield.conf"

    /// The drop-in of one service, which has it keep CPUs of its own.
    static func exemption(of unit: String) -> String { "\(unit).d/60-rtshield.conf" }

    /// Whether a drop-in covers the unit that a group belongs to.
    package static func isNarrowed(_ path: CgroupPath) -> Bool { path.owner.unit.map(isNarrowedItself) ?? false }

    /// Whether a drop-in covers the unit of this very group.
    ///
    package static func isNarrowedItself(_ path: CgroupPath) -> Bool {
        isCovered(path.name) && path.owner.isUnit
    }

    private static func isCovered(_ name: String) -> Bool {
        name.hasSuffix(".service") || name == "init.scope" || (name.hasPrefix("session-") && name.hasSuffix(".scope"))
    }

    /// Files for the open placement: services, sessions and PID 1 are narrowed, and each partition is a slice.
    package func open() -> [String: UnitContent] {
        var files = slices()
        files[Self.serviceDropIn] = housekeeping(.service)
        files["session-.scope.d/50-rtshield.conf"] = housekeeping(.scope)
        files["init.scope.d/50-rtshield.conf"] = housekeeping(.scope)
        for (unit, cpus) in servicesWithCPUs() {
            // A later drop-in that empties the list first keeps what the unit asked for.
            var settings = UnitSettings(.service, cpus: cpus)
            settings.replacesOthers = true
            files[Self.exemption(of: unit)] = .limits(settings)
        }
        return files
    }

    private func housekeeping(_ section: UnitSettings.Section) -> UnitContent {
        .limits(settings(section, cpus: shield.housekeeping, mems: shield.housekeepingMems))
    }

    /// Files for the pool placement: one slice that holds the shield, and a slice below it for each partition.
    ///
    /// - Parameter kind: What systemd makes of the pool; nil when it cannot.
    /// - Returns: The contents by their paths.
    package func pool(_ kind: PartitionState.Kind? = nil) -> [String: UnitContent] {
        var files = slices()
        var pool = settings(.slice, cpus: shield.cpus, mems: shield.mems)
        pool.partition = kind
        pool.title = "Shielded CPUs"
        files[SystemdStrategy.slice.name] = .limits(pool)
        return files
    }

    private func slices() -> [String: UnitContent] {
        var files: [String: UnitContent] = [:]
        for partition in shield.partitions {
            var slice = settings(.slice, cpus: partition.cpus, mems: partition.mems)
            slice.title = "Shielded CPUs of partition \(partition.name)"
            files[Self.slice(of: partition.name)] = .limits(slice)
        }
        return files
    }

    private func settings(_ section: UnitSettings.Section, cpus: CPUSet, mems: MemoryNodes) -> UnitSettings {
        UnitSettings(section, cpus: cpus, mems: mems == draft.host.topology.allNodes ? nil : mems)
    }

    /// Running services that have CPUs of their own by their unit, and those that an earlier plan exempted, and those whose
    /// containers asked for CPUs.
    private func servicesWithCPUs() -> [(unit: String, cpus: CPUSet)] {
        let given = draft.applied.isEmpty ? nil : draft.applied.servicesCPUs
        return draft.host.groups.all.compactMap { group in
            guard group.path.name.hasSuffix(".service"), group.path.owner.isUnit else { return nil }
            let unit = group.path.name
            guard let cpus = group.cpus, draft.isChoice(cpus), cpus != given, cpus != shield.housekeeping,
                !draft.applied.isWidened(unit)
            else { return widened(for: group.path).map { (unit, $0) } }
            return (unit, cpus)
        }
    }

    /// What a service has to have so that containers in its group get the CPUs that they asked for; nil where none asked.
    ///
    /// `podman run --cgroups=split`, as Quadlet has it, makes their groups there, and on v2 no group has CPUs that those above
    /// it lack.
    private func widened(for service: CgroupPath) -> CPUSet? {
        guard Self.isNarrowedItself(service) else { return nil }
        let asked = draft.host.groups.children(of: service).filter { $0.path.owner.isContainer }
            .compactMap(\.cpus).filter { draft.isChoice($0) && !shield.housekeeping.isSuperset(of: $0) }
        return asked.isEmpty ? nil : asked.reduce(shield.housekeeping) { $0.union($1) }
    }
}

extension AppliedState {
    /// Whether rtshield did nothing to the machine.
    package var isEmpty: Bool { values.isEmpty && groups.isEmpty && units.isEmpty }

    /// The CPUs that the drop-in for services gives now; nil when there is none.
    package var servicesCPUs: CPUSet? { units[SystemdUnits.serviceDropIn]?.cpus }

    /// Whether an earlier plan gave a service, beside what all have, the CPUs of containers in its group.
    fileprivate func isWidened(_ unit: String) -> Bool {
        guard let given = servicesCPUs, let cpus = units[SystemdUnits.exemption(of: unit)]?.cpus else { return false }
        return cpus.isSuperset(of: given)
    }
}

extension PlanDraft {
    /// Has exactly these unit files, and those that keep irqbalance off; others of an earlier plan go.
    ///
    /// A slice that was stopped, as `systemctl soft-reboot` stops all, is started again.
    package mutating func setUnits(_ files: [String: UnitContent]) {
        let files = files.merging(irqbalanceUnits) { $1 }
        let names = Set(files.keys).union(applied.units.keys).sorted()
        let changes = names.compactMap { name -> UnitChange.File? in
            let (old, new) = (applied.units[name], files[name])
            let file = UnitChange.File(name, old: old, new: new)
            return old == new && (!file.isSlice || host.groups[SystemdUnits.group(of: name)] != nil) ? nil : file
        }
        guard !changes.isEmpty else { return }
        let before = given(by: applied.units)
        append(
            .units(
                UnitChange(
                    files: changes, given: given(by: files), givenBefore: before,
                    // What an earlier plan gave is no value of the group's own.
                    settled: host.groups.all.filter { group in
                        group.path != SystemdUnits.initScope
                            && group.cpus.map { isChoice($0) && !before.contains($0) } ?? false
                    }.map(\.path),
                    handingDown: host.groups.all.filter { $0.subtreeControl.contains("cpuset") }.map(\.path))))
    }

    /// Whether CPUs are somebody's request; a list of every CPU is what an earlier shield leaves, or an engine's default.
    fileprivate func isChoice(_ cpus: CPUSet) -> Bool { !cpus.isEmpty && !cpus.isSuperset(of: host.online) }

    private func given(by files: [String: UnitContent]) -> [CPUSet] {
        Set(files.values.compactMap(\.cpus)).filter { !$0.isEmpty }.sorted { $0.description < $1.description }
    }
}
