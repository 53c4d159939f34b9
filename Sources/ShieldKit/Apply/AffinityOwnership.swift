// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

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
