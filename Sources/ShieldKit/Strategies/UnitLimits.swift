// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

/// A unit of which systemd has read other CPUs than its group holds.
package struct LateUnit: Hashable, Sendable {
    package var group: CgroupPath
    /// What its unit files give it.
    package var wanted: CPUSet
    /// What the group holds; nil without cpuset files.
    package var holds: CPUSet?

    package var unit: String { SystemdUnits.unit(of: group) }

    /// Whether it is a slice of the shield, and no unit that is kept off it.
    package var isSlice: Bool { group.isWithin(SystemdStrategy.slice) && group.name.hasSuffix(".slice") }
}

/// The CPUs that unit files of rtshield give to groups, to be held against what the groups hold.
package struct UnitLimits {
    /// What services, sessions and PID 1 get; nil when nothing is said of them.
    private var narrowed: CPUSet?
    /// What they got before.
    private var former: Set<CPUSet> = []
    private var slices: [Slice] = []
    /// What single services get beside what all get, by the paths of their drop-ins; nil for one that goes.
    private var singleServices: [String: CPUSet?] = [:]
    private let online: CPUSet

    private struct Slice {
        var group: CgroupPath
        var cpus: CPUSet
        var partition: PartitionState.Kind?
    }

    /// What is to be seen after a change, in the files that it touches.
    init(after change: UnitChange, online: CPUSet) {
        self.online = online
        for file in change.files {
            let (old, new) = (file.old?.cpus, file.new?.cpus)
            if (file.new ?? file.old)?.settings?.replacesOthers == true {
                singleServices[file.path] = .some(new)
            } else if file.path == SystemdUnits.serviceDropIn {
                narrowed = new
                former = new == nil ? [] : Set([old].compactMap(\.self))
            } else if file.isSlice, let new {
                let kind = file.new?.settings?.partition
                slices.append(Slice(group: SystemdUnits.group(of: file.path), cpus: new, partition: kind))
            }
        }
    }

    /// What services, sessions and PID 1 hold while a shield stands, or held before it was resized.
    package init(of journal: Journal, online: CPUSet) {
        self.online = online
        narrowed = journal.applied.servicesCPUs
        former = Set(journal.entries.compactMap { $0.intent?.shield.housekeeping })
    }

    /// Whether nothing is said of any group.
    var isEmpty: Bool { narrowed == nil && slices.isEmpty }

    /// The units whose groups do not hold what they were given, those without a task left out: nothing runs there.
    ///
    /// A unit that has CPUs of its own is none of them, nor one that a drop-in of its own gives some.
    package func late(in groups: CgroupTree, on machine: any Machine) -> [LateUnit] {
        let ofSlices = slices.compactMap { late($0, groups[$0.group]) }
        guard let narrowed else { return ofSlices }
        return ofSlices
            + groups.all.filter { group in
                SystemdUnits.isNarrowedItself(group.path) && isBehind(group.cpus)
                    && groups.below(group.path, includingItself: true).contains(where: \.hasTasks)
            }.map { LateUnit(group: $0.path, wanted: narrowed, holds: $0.cpus) }.filter { unit in
                !machine.exists(KernelFile(.units, SystemdUnits.exemption(of: unit.unit)))
            }
    }

    /// Whether a change gives single services CPUs, or takes them.
    var servesSingleServices: Bool { !singleServices.isEmpty }

    /// The groups of single services that do not hold yet what their drop-in gives.
    func singleServicesBehind(in groups: CgroupTree) -> [CgroupPath] {
        groups.all.filter { group in
            let cpus = singleServices[SystemdUnits.exemption(of: SystemdUnits.unit(of: group.path))] ?? nil
            return SystemdUnits.isNarrowedItself(group.path) && cpus.map { $0 != group.cpus } ?? false
        }.map(\.path)
    }

    /// Looks at a unit again; nil when it holds by now what it was given, or is gone.
    package func late(_ unit: LateUnit, layout: CgroupLayout, on machine: any Machine) -> LateUnit? {
        let group = Cgroup(reading: unit.group, layout: layout, on: machine)
        if let slice = slices.first(where: { $0.group == unit.group }) { return late(slice, group) }
        guard isBehind(group.cpus), machine.exists(unit.group.directory) else { return nil }
        return LateUnit(group: unit.group, wanted: unit.wanted, holds: group.cpus)
    }

    /// A partition is there as soon as the kernel said something of it, be it that it is invalid.
    private func late(_ slice: Slice, _ group: Cgroup?) -> LateUnit? {
        let isMade = slice.partition == nil || group?.partition?.kind == slice.partition
        if isMade, group?.cpus == slice.cpus { return nil }
        return LateUnit(group: slice.group, wanted: slice.cpus, holds: group?.cpus)
    }

    /// Whether the CPUs of a unit are what it had before it was narrowed, and not its own request.
    private func isBehind(_ cpus: CPUSet?) -> Bool {
        guard let cpus, !cpus.isEmpty else { return true }
        return cpus != narrowed && (cpus.isSuperset(of: online) || former.contains(cpus))
    }
}
