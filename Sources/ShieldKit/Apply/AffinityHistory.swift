// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit

/// The affinities that tasks had before rtshield first narrowed them, as its journal tells.
///
/// A shield that gives CPUs back gives them to these tasks too, as long as nobody else changed their affinity since.
package struct AffinityHistory: Hashable, Sendable {
    private var originals: [Int32: AffinityRecord] = [:]
    /// Every affinity that was recorded of a task.
    private var recorded: [Int32: Set<CPUSet>] = [:]
    /// Every shield that was in place since.
    private var shields: [CPUSet] = []
    /// The kernel tells no others of an affinity (sched_getaffinity(2)), so that only these are compared.
    private var online: CPUSet = []

    /// The CPUs of all these shields.
    package var shielded: CPUSet { shields.reduce([]) { $0.union($1) } }

    package init() {}

    package init(of journal: Journal, online: CPUSet) {
        self.online = online
        shields = journal.entries.compactMap { $0.intent?.shield.cpus }
        for case .restoreAffinities(let record) in journal.undo {
            for id in record.tasks { recorded[id, default: []].insert(record.affinity) }
            // The journal is in order, also within one clock tick: the first record is the original.
            for id in record.tasks where originals[id] == nil { originals[id] = record }
        }
    }

    /// What a task had, when what it has now is what a shield left of that; nil when rtshield did not narrow it.
    package func original(of id: Int32, startedAt ticks: UInt64, now affinity: CPUSet) -> CPUSet? {
        wholeOriginal(of: id, startedAt: ticks, now: affinity)?.intersection(online)
    }

    /// The same with the CPUs that are offline now.
    package func wholeOriginal(of id: Int32, startedAt ticks: UInt64, now affinity: CPUSet) -> CPUSet? {
        guard let record = originals[id], ticks <= record.ticks else { return nil }
        let original = record.affinity.intersection(online)
        return shields.contains { original.subtracting($0) == affinity } ? record.affinity : nil
    }

    /// What a task had, whatever it has now; nil when rtshield never recorded it.
    package func recorded(of id: Int32, startedAt ticks: UInt64) -> CPUSet? {
        originals[id].flatMap { ticks <= $0.ticks ? $0.affinity : nil }
    }

    /// Whether the journal tells this already: a shield that is made again and again must not make it grow.
    package func holds(_ record: AffinityRecord) -> Bool {
        record.tasks.allSatisfy { recorded[$0]?.contains(record.affinity) == true }
    }
}

/// Tells the affinities that rtshield gave tasks from those that they, or others, chose since.
struct AffinityOwnership {
    private let shields: [Shield]
    private let online: CPUSet

    init(_ shields: [Shield], online: CPUSet) {
        self.shields = shields
        self.online = online
    }

    /// The recorded tasks whose affinity is not one that a shield left them: it was chosen under the shield, and stays.
    ///
    /// Asked before anything is undone, because before 6.2 undoing wipes affinities.
    func foreign(in steps: [Step], _ host: Host, on machine: any Machine) -> Set<Int32> {
        guard !shields.isEmpty else { return [] }
        let groups = CgroupTree(reading: host.layout, on: machine)
        // Partitions take their CPUs from every affinity, isolated ones since 7.0 from those of kernel threads too.
        let left = [online.subtracting(groups.taken), online.subtracting(machine.isolatedCPUs)].filter { $0 != online }
        var claimed: [Int32: Set<CPUSet>] = [:]
        for case .restoreAffinities(let record) in steps {
            let ours = ours(record.affinity)
            for id in record.tasks { claimed[id, default: []].formUnion(ours) }
        }
        var foreign: Set<Int32> = []
        for (id, ours) in claimed {
            guard let current = try? machine.affinity(of: id), !ours.contains(current),
                !ours.contains(where: { ours in left.contains { ours.intersection($0) == current } })
            else { continue }
            // All that a group has is what it gives, be it in the middle of a change that was interrupted.
            if let group = machine.group(of: id, layout: host.layout), groups.allowed(in: group) == current { continue }
            // The kernel moves the thread of an interrupt by itself.
            if let stat = TaskStat(reading: id, on: machine), !stat.name.hasPrefix("irq/") { foreign.insert(id) }
        }
        return foreign
    }

    /// What tasks chose since the shield was made: those that are recorded and hold something else by now, and those that are not.
    func chosen(besides steps: [Step], in host: Host, on machine: any Machine) -> [AffinityRecord] {
        // These come from the groups of the shield, not from anybody's choice.
        let given = shields.flatMap { [$0.housekeeping, $0.cpus] + $0.partitions.map(\.cpus) }
        var recorded: Set<Int32> = []
        for case .restoreAffinities(let record) in steps { recorded.formUnion(record.tasks) }
        return SavedAffinities(
            of: machine, in: host.groups, layout: host.layout, usual: Set([online] + given),
            except: recorded.subtracting(foreign(in: steps, host, on: machine))
        ).records
    }

    /// Everything that a task can have got from a shield: what it had, without shielded CPUs, or all that a group has.
    private func ours(_ original: CPUSet) -> Set<CPUSet> {
        let present = original.intersection(online)
        var ours: Set<CPUSet> = [original, present, online]
        for shield in shields {
            let groups = [shield.housekeeping, shield.cpus, shield.everyCPU] + shield.partitions.map(\.cpus)
            for cpus in groups {
                ours.insert(cpus.intersection(online))
                ours.insert(present.intersection(cpus))
            }
            ours.insert(present.subtracting(shield.cpus))
        }
        return ours
    }
}
