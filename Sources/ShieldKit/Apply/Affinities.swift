// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Linux
package import MachineKit

/// The affinity that some tasks had at one moment.
package struct AffinityRecord: Hashable, Sendable, Codable {
    package var affinity: CPUSet
    package var tasks: TaskIDs
    /// When it was recorded, in clock ticks since boot: a task that started later only reuses the number.
    package var ticks: UInt64

    package init(affinity: CPUSet, tasks: TaskIDs, ticks: UInt64) {
        self.affinity = affinity
        self.tasks = tasks
        self.ticks = ticks
    }
}

extension AffinityRecord {
    /// Whether the task is the one that was recorded, not a later one with the same number.
    func isAbout(_ id: Int32, on machine: any Machine) -> Bool {
        TaskStat(reading: id, on: machine).map { $0.startTime <= ticks } ?? false
    }

    /// Gives the tasks that are still there the affinity they had.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - foreign: Tasks that chose other CPUs since, and keep them.
    /// - Returns: Tasks that refused, with the error number.
    func restore(on machine: any Machine, except foreign: Set<Int32> = []) -> [(id: Int32, errno: Errno)] {
        var refused: [(id: Int32, errno: Errno)] = []
        for id in tasks where !foreign.contains(id) {
            guard let current = try? machine.affinity(of: id), current != affinity, isAbout(id, on: machine) else {
                continue
            }
            do throws(Errno) {
                try machine.setAffinity(affinity, of: id)
            } catch  where error != .noSuchProcess {
                refused.append((id, error))
            } catch {}
        }
        return refused
    }
}

/// Affinities that tasks had before a change, to be given back after it.
///
/// Before 6.2 attaching a task to a cpuset, or writing its CPUs, overwrites the affinity the task chose (commit 8f9ea86fdf99 keeps
/// it since).
struct SavedAffinities {
    private(set) var records: [AffinityRecord] = []

    init(_ records: [AffinityRecord] = []) { self.records = records }

    /// Remembers every task whose affinity is narrower than its group: that is somebody's choice.
    ///
    /// - Parameters:
    ///   - machine: The machine, whose groups list their tasks: a few files instead of a directory for each process.
    ///   - groups: Its groups.
    ///   - layout: Where they are.
    ///   - usual: Affinities that are nobody's choice: every CPU, and the housekeeping CPUs to which children of PID 1 were held.
    ///   - known: Tasks that are recorded already.
    ///   - kernelThreadsOnly: Whether only kernel threads are meant, because the kernel keeps what user tasks chose (6.2).
    init(
        of machine: any Machine, in groups: CgroupTree, layout: CgroupLayout, usual: Set<CPUSet>,
        except known: Set<Int32> = [], kernelThreadsOnly: Bool = false
    ) {
        var byAffinity: [CPUSet: [Int32]] = [:]
        for group in groups.all where group.hasTasks {
            let allowed = groups.allowed(in: group.path)
            for id in machine.threadIDs(in: group.path, layout: layout) where !known.contains(id) {
                guard let affinity = try? machine.affinity(of: id), !usual.contains(affinity),
                    !affinity.isSuperset(of: allowed)
                else { continue }
                if kernelThreadsOnly, TaskStat(reading: id, on: machine)?.isKernelThread != true { continue }
                byAffinity[affinity, default: []].append(id)
            }
        }
        let ticks = BootClock.ticks
        records = byAffinity.map { AffinityRecord(affinity: $0.key, tasks: TaskIDs($0.value), ticks: ticks) }
            .sorted { $0.affinity.description < $1.affinity.description }
    }

    /// Takes for each task that an earlier shield narrowed what it had before that.
    mutating func takeOriginals(from history: AffinityHistory, on machine: any Machine) {
        records = records.flatMap { record in
            Dictionary(grouping: record.tasks) { id in
                let start = TaskStat(reading: id, on: machine)?.startTime ?? .max
                return history.original(of: id, startedAt: start, now: record.affinity) ?? record.affinity
            }.map { AffinityRecord(affinity: $0.key, tasks: TaskIDs($0.value), ticks: record.ticks) }
        }
    }

    /// Narrows each task to what it had, as far as it may use that now.
    func reapply(on machine: any Machine) {
        for record in records {
            for id in record.tasks {
                guard let current = try? machine.affinity(of: id) else { continue }
                let wanted = record.affinity.intersection(current)
                guard !wanted.isEmpty, wanted != current, record.isAbout(id, on: machine) else { continue }
                // A thread that the kernel keeps to itself refuses, and keeps its affinity by itself too.
                try? machine.setAffinity(wanted, of: id)
            }
        }
    }
}
