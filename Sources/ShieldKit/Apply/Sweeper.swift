// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Linux
import MachineKit

/// Takes movable tasks of the root group off the shield, in passes until one finds nothing new.
///
/// Parents fork while they are moved: with eight forking parents five passes were needed. Kernel threads are born on all CPUs
/// whatever the mask of kthreadd is, from 7.2 on on all that are not isolated, so a sweep can be repeated at any time.
struct Sweeper {
    /// A fork bomb must not keep a sweep busy for ever; what is left then is swept by the next one.
    static let passLimit = 50

    /// How many names are kept of tasks that were narrowed.
    private static let nameLimit = 10

    let machine: any Machine
    let layout: CgroupLayout
    let sweep: Sweep
    /// Groups whose tasks are narrowed by affinity, with those below, because nothing else keeps them off.
    private let others: [CgroupPath]
    /// Puts an inverse on disk.
    let record: (Step) throws(FileError) -> Void

    private let history: AffinityHistory
    /// Whether a CPU is offline that tasks may use once it is online: their affinity, as sched_getaffinity(2) tells it, lacks it.
    private let hasOfflineCPUs: Bool
    /// The CPUs that partitions have to themselves now, so that a task that may run anywhere lacks them.
    private let taken: CPUSet
    private let online: CPUSet
    private var seen: Set<Int32> = []
    private var report = SweepReport()

    init(
        _ sweep: Sweep, besides others: [CgroupPath] = [], machine: any Machine, layout: CgroupLayout,
        history: AffinityHistory, hasOfflineCPUs: Bool, taken: CPUSet = [], online: CPUSet = [],
        record: @escaping (Step) throws(FileError) -> Void
    ) {
        self.history = history
        self.hasOfflineCPUs = hasOfflineCPUs
        self.taken = taken
        self.online = online
        self.sweep = sweep
        self.others = others
        self.machine = machine
        self.layout = layout
        self.record = record
    }

    mutating func run() throws(FileError) -> SweepReport {
        while report.passes < Self.passLimit {
            let fresh = listed().filter { seen.insert($0).inserted }
            report.passes += 1
            let (movers, others) = sorted(fresh)
            let tasks = others.compactMap { HostTask(reading: $0, on: machine) }
            report.vanished += others.count - tasks.count
            guard try pass(over: tasks, moving: movers) else { break }
        }
        return report
    }

    /// Tells the user tasks, which move whatever their state is, from those that have to be looked at one by one.
    ///
    /// One list of the kernel threads spares reading a file for each user task; a kernel thread that the list misses is refused
    /// by the group, and looked at then.
    private func sorted(_ ids: [Int32]) -> (movers: [Int32], others: [Int32]) {
        guard sweep.destination != nil, let kernelThreads = machine.kernelThreadIDs() else { return ([], ids) }
        var (movers, others): ([Int32], [Int32]) = ([], [])
        for id in ids {
            if id == 1 || kernelThreads.contains(id) { others.append(id) } else { movers.append(id) }
        }
        return (movers, others)
    }

    /// What the root group lists: on v2 processes, which move as a whole, but each thread has an affinity of its own.
    private func listed() -> [Int32] {
        guard sweep.destination == nil else { return machine.taskIDs(in: .root, layout: layout) }
        return machine.threadIDs(in: .root, layout: layout) + others.flatMap(threadIDs(within:))
    }

    private func threadIDs(within group: CgroupPath) -> [Int32] {
        let names = (try? machine.entries(of: group.directory, directoriesOnly: true)) ?? []
        return machine.threadIDs(in: group, layout: layout) + names.flatMap { threadIDs(within: group.child($0)) }
    }

    /// Treats each task by its verdict; false when nothing had to be changed.
    private mutating func pass(over tasks: [HostTask], moving movers: [Int32]) throws(FileError) -> Bool {
        var moving = movers
        var narrowing: [(task: HostTask, cpus: CPUSet)] = []
        for task in tasks {
            let original = history.original(of: task.id, startedAt: task.stat.startTime, now: task.affinity)
            let interrupt = machine.interrupt(ofThread: task.stat)
            switch TaskMobility(task, sweep: sweep, original: original, interrupt: interrupt) {
            case .clear: break
            case .move: moving.append(task.id)
            case .narrow(let cpus): narrowing.append((task, cpus))
            case .stays(let reason): report.staying[reason, default: []].append(task.stat.name)
            }
        }
        try narrow(narrowing)
        try move(moving)
        return !moving.isEmpty || !narrowing.isEmpty
    }

    private mutating func narrow(_ tasks: [(task: HostTask, cpus: CPUSet)]) throws(FileError) {
        let ticks = BootClock.ticks
        let byAffinity = Dictionary(grouping: tasks) { task, _ in
            whole((hasOfflineCPUs ? machine.wholeAffinity(of: task.id) : nil) ?? task.affinity)
        }
        for (affinity, group) in byAffinity {
            try record(
                .restoreAffinities(
                    AffinityRecord(affinity: affinity, tasks: TaskIDs(group.map(\.task.id)), ticks: ticks)))
        }
        for (task, cpus) in tasks {
            do throws(Errno) {
                try machine.setAffinity(cpus, of: task.id)
                report.narrowed += 1
                if report.narrowedNames.count < Self.nameLimit { report.narrowedNames.append(task.stat.name) }
            } catch {
                note(task.id, name: task.stat.name, error)
            }
        }
    }

    /// What a task may use once there are no partitions.
    ///
    /// One that lacks nothing but their CPUs chose none. Given back as it is now, that would be its choice for good (6.2), and it
    /// would never use them again.
    private func whole(_ affinity: CPUSet) -> CPUSet {
        !taken.isEmpty && affinity.isSuperset(of: online.subtracting(taken)) ? affinity.union(taken) : affinity
    }

    private mutating func move(_ ids: [Int32]) throws(FileError) {
        guard let destination = sweep.destination, !ids.isEmpty else { return }
        let refused = try machine.write(each: ids, to: destination.file(layout.tasksFile))
        report.moved += ids.count - refused.count
        for (id, errno) in refused {
            let task = HostTask(reading: id, on: machine)
            if let task, case .stays(let reason) = TaskMobility(task, sweep: sweep) {
                report.staying[reason, default: []].append(task.stat.name)
            } else {
                note(id, name: task?.stat.name ?? "?", task == nil ? .noSuchProcess : errno)
            }
        }
    }

    private mutating func note(_ id: Int32, name: String, _ errno: Errno) {
        if errno == .noSuchProcess {
            report.vanished += 1
        } else {
            report.refused.append(.init(id: id, name: name, errno: errno))
        }
    }
}
