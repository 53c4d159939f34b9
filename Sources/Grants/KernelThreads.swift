// SPDX-License-Identifier: Apache-2.0

import CgroupKit
internal import Linux
package import MachineKit
package import ShieldKit

/// The kernel threads that have to leave CPUs of grants, and what the ledger makes of each.
///
/// What a thread may use is what it could use, without the CPUs of all who want none and those of a shield that wants none.
/// Threads that only touch the shield are the shield's to move.
struct KernelThreads {
    private let memory: ThreadAffinities
    private let machine: any Machine
    private let layout: CgroupLayout
    private let online: CPUSet
    /// The CPUs that threads leave because of grants alone.
    private let own: CPUSet
    /// The CPUs that threads leave.
    let away: CPUSet
    /// The CPUs that the group has in which kernel threads are: those of isolated groups are missing on v2.
    private let present: CPUSet
    /// The CPUs that some day may come online; until then no thread tells that it may use them.
    private let offline: CPUSet
    private let history: AffinityHistory
    /// Whether ending a shield may give threads what they had while grants stood, so that nothing may be forgotten before.
    let hasJournal: Bool

    /// One thread that has to be remembered, or that is to use other CPUs.
    struct Thread {
        var id: Int32
        /// What it could use before.
        var original: CPUSet
        /// What it is to use.
        var target: CPUSet
        /// Whether it uses that already.
        var isDone: Bool
        /// Whether it is not remembered yet.
        var isNew: Bool

        /// Whether it gets back all that it could use, so that there is nothing to remember.
        var isFree: Bool { target == original }
    }

    /// Reads what the threads depend on; nil when there is nothing to do for any.
    init?(ledger: Ledger, summary: HostSummary, machine: any Machine) {
        own = ledger.vacant.subtracting(summary.vacant)
        guard !own.isEmpty || ledger.threads != nil else { return nil }
        memory = ledger.threads ?? ThreadAffinities()
        self.machine = machine
        layout = summary.layout
        online = summary.online
        away = ledger.vacant.union(summary.vacant)
        let root = CgroupPath.root.file("cpuset.cpus.effective")
        let effective = summary.layout.version == .v2 ? machine.textIfPresent(of: root) : nil
        present = effective.flatMap { CPUSet(kernelList: $0) } ?? online
        let possible = machine.textIfPresent(of: KernelFile(.sys, "devices/system/cpu/possible"))
        offline = possible.flatMap { CPUSet(kernelList: $0) }?.subtracting(online) ?? []
        hasJournal = machine.exists(Journal.file)
        history = hasJournal ? summary.history(on: machine) : AffinityHistory()
    }

    /// The CPUs that a thread may lack once it uses what it is to use.
    var taken: CPUSet { away.union(offline).union(history.shielded) }

    /// Looks at every kernel thread; on a large machine most are bound to CPUs of others, and only asked for their affinity.
    func threads() -> [Thread] {
        let known = memory.originals
        let listed = machine.kernelThreadIDs() ?? Set(machine.threadIDs(in: .root, layout: layout))
        return listed.union(known.keys).sorted().compactMap { thread($0, known[$0]) }
    }

    private func thread(_ id: Int32, _ record: AffinityRecord?) -> Thread? {
        guard let held = try? machine.affinity(of: id), record != nil || !held.isDisjoint(with: own),
            let stat = TaskStat(reading: id, on: machine), stat.isKernelThread, !stat.refusesAffinity,
            // The kernel takes it along when its interrupt moves, before it runs again.
            machine.interrupt(ofThread: stat) == nil
        else { return nil }
        let task = HostTask(stat: stat, affinity: held)
        let remembered = remembered(task, record)
        guard let original = remembered ?? found(task) else { return nil }
        let target = target(task, original)
        let isFree = target == original
        guard remembered != nil || !isFree else { return nil }
        // A group that lacks CPUs now has them later, so that what is given back is told to the kernel whole.
        return Thread(
            id: id, original: original, target: target,
            isDone: held == target.intersection(isFree ? online : present), isNew: remembered == nil)
    }

    // MARK: - What a thread could use

    /// What is remembered of it; nil when it is another thread by now, or somebody else chose its CPUs since.
    private func remembered(_ task: HostTask, _ record: AffinityRecord?) -> CPUSet? {
        guard let record, task.stat.startTime <= record.ticks else { return nil }
        let original = record.affinity
        let had = original.intersection(present)
        let isNarrowed = task.affinity.isSubset(of: original) && isTaken(had.subtracting(task.affinity))
        let isHomeless = isTaken(had) && isTaken(present.subtracting(task.affinity))
        return isNarrowed || isHomeless ? original : nil
    }

    /// A shield takes threads off its CPUs, and is followed afterwards.
    private func isTaken(_ cpus: CPUSet) -> Bool { cpus.isSubset(of: memory.taken.union(history.shielded)) }

    /// What it holds now, or before a shield narrowed it, which may end before the grant does; nil when it need not move.
    private func found(_ task: HostTask) -> CPUSet? {
        guard !task.affinity.isDisjoint(with: own) else { return nil }
        let (id, start) = (task.id, task.stat.startTime)
        // The kernel gives all that the group has to a thread whose CPUs a pool took.
        let evicted = task.affinity == present ? history.recorded(of: id, startedAt: start) : nil
        return history.wholeOriginal(of: id, startedAt: start, now: task.affinity) ?? evicted
            ?? (offline.isEmpty ? nil : machine.wholeAffinity(of: id))
            // What it lacks is not its choice, where others isolate CPUs.
            ?? (task.affinity == present ? online : task.affinity)
    }

    // MARK: - What it is to use

    /// What the shield's sweep would give it.
    ///
    /// Only that a thread of several CPUs goes to others when it is to leave them all, as those do that reclaim the memory of a
    /// node. One that is bound to a single CPU has to be there.
    private func target(_ task: HostTask, _ original: CPUSet) -> CPUSet {
        let sweep = Sweep(destination: nil, shield: away)
        switch TaskMobility(task, sweep: sweep, original: original.intersection(present)) {
        case .clear, .move, .narrow: return original.subtracting(away)
        case .stays:
            let others = present.subtracting(away)
            let isBound = original.count == 1 && original.isSubset(of: present)
            return isBound || others.isEmpty ? original : others
        }
    }
}

/// What kernel threads could use before they had to leave CPUs.
///
/// There are thousands of them and few affinities, so that those with the same one are remembered together.
package struct ThreadAffinities: Hashable, Sendable, Codable {
    /// What they could use, one record for each affinity.
    package private(set) var records: [AffinityRecord] = []
    /// The CPUs that they may lack because of grants or a shield: a thread that lacks others was moved by somebody else.
    package var taken: CPUSet = []

    /// Remembers nothing.
    package init() {}

    /// What each thread could use, by its id; a later thread with that id is not meant.
    var originals: [Int32: AffinityRecord] {
        var originals: [Int32: AffinityRecord] = [:]
        for record in records { for id in record.tasks { originals[id] = record } }
        return originals
    }

    /// Remembers exactly these threads, each of which was just seen to be the one that is meant.
    ///
    /// - Parameters:
    ///   - threads: What each could use.
    ///   - newcomers: Those of them that are not remembered yet; earlier threads may have had their ids.
    mutating func remember(_ threads: [Int32: CPUSet], newcomers: TaskIDs = []) {
        let ticks = BootClock.ticks
        records = Dictionary(grouping: threads.keys) { threads[$0] ?? [] }.map { affinity, ids in
            let tasks = TaskIDs(ids)
            let held = records.first { $0.affinity == affinity && $0.tasks == tasks }
            // What did not change is not written again.
            if let held, !newcomers.contains(where: tasks.contains) { return held }
            return AffinityRecord(affinity: affinity, tasks: tasks, ticks: ticks)
        }
        .sorted { $0.affinity.description < $1.affinity.description }
    }
}
