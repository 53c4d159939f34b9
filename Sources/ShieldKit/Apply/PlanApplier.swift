// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import Linux
package import MachineKit

/// Carries out a plan: for each step the inverse goes to the journal, then the step is done and read back.
///
/// A refusal undoes what this run did, newest first.
package struct PlanApplier {
    private let machine: any Machine
    private let host: Host
    private let progress: (Step) -> Void
    private var journal: Journal
    private var memory = SavedAffinities()
    private var report = ApplyReport()
    /// Groups that systemd does not keep off the shield although it should; nil while its units have not been changed.
    private var behind: [CgroupPath]?

    /// - Parameters:
    ///   - machine: The machine that changes.
    ///   - host: What was observed of it.
    ///   - journal: What rtshield did to this machine so far; nil when nothing.
    ///   - progress: Is told each step before it is done.
    package init(
        machine: any Machine, host: Host, journal: Journal?, progress: @escaping (Step) -> Void = { _ in }
    ) {
        self.machine = machine
        self.host = host
        self.progress = progress
        self.journal = journal ?? Journal(bootID: host.bootID, ticks: BootClock.ticks)
    }

    /// Performs every step of the plan.
    ///
    /// - Returns: What became of the tasks, and of values that may be refused.
    /// - Throws: A ``Refusal``, after everything that this call did has been undone.
    package mutating func perform(_ plan: Plan) throws(Refusal) -> ApplyReport {
        let mark = journal.entries.count
        do throws(Refusal) {
            let intent = Journal.Intent(shield: plan.shield, strategy: plan.strategy)
            if journal.intent != intent { try enter(Journal.Entry(intent: intent)) }
            for step in plan.steps { try perform(step) }
            memory.reapply(on: machine)
            if !journal.isComplete { try enter(Journal.Entry(done: true)) }
            return report
        } catch {
            var refusal = error
            refusal.left = takeBack(to: mark)
            throw refusal
        }
    }

    private mutating func perform(_ step: Step) throws(Refusal) {
        progress(step)
        if let inverse = recordable(step)?.inverse { try enter(Journal.Entry(undo: inverse)) }
        switch step {
        case .write(let write): try perform(write)
        case .makeGroup(let spec):
            try attempt { () throws(FileError) in try machine.makeDirectory(spec.path.directory) }
        case .removeGroup(let spec):
            try attempt { () throws(FileError) in try machine.removeDirectory(spec.path.directory) }
        case .rememberAffinities(let online): try remember(online)
        case .restoreAffinities(let record): _ = record.restore(on: machine)
        case .restoreCPU(let loss): CPUHotplug(machine: machine, host: host).restore(loss)
        case .sweep(let sweep): try perform(sweep)
        case .units(let change): try perform(change)
        case .tune(let tuning): try tune(tuning)
        case .ban(let ban): perform(ban)
        case .cycleCPUs(let cpus): try cycleCPUs(off: cpus)
        }
    }

    /// The step as the journal is to know it; nil when it holds what undoes it already.
    private func recordable(_ step: Step) -> Step? {
        switch step {
        case .write(let write): return journal.applied.chained(write).map { .write($0) }
        case .tune(let tuning):
            let applied = journal.applied
            let fresh = tuning.writes.compactMap(applied.chained)
            return fresh.isEmpty ? nil : .tune(Tuning(tuning.attribute, writes: fresh))
        case .ban(let ban):
            let held = journal.applied.banned
            return held == ban.new ? nil : .ban(IrqbalanceBan(old: held ?? ban.old, new: ban.new))
        default: return step
        }
    }

    // MARK: - Steps

    /// Writes a value that the shield needs; nothing is to be done for a cgroup that ended meanwhile.
    private func perform(_ write: Write) throws(Refusal) {
        let path = machine.path(of: write.file)
        let diagnosis = Diagnosis(machine: machine, host: host)
        switch FileApplier(machine: machine, host: host).apply(write) {
        case .taken:
            guard write.file.kind == .partition, let text = machine.textIfPresent(of: machine.location(of: write.file)),
                let state = PartitionState(text), !state.isValid
            else { return }
            throw diagnosis.explain(.invalidPartition(path: path, state), write)
        case .changed(let found):
            throw diagnosis.explain(.notHeld(path: path, wanted: write.newText, found: found), write)
        case .refused(let error): throw diagnosis.explain(.file(error), write)
        case .gone: return
        }
    }

    private mutating func perform(_ change: UnitChange) throws(Refusal) {
        let outcome = try UnitInstaller(machine: machine, host: host).install(change)
        try SystemdPartitions(machine: machine, host: host).check(change)
        guard change.files.contains(where: { $0.path == SystemdUnits.serviceDropIn }) else { return }
        report.late = outcome.late
        behind = outcome.late.map(\.group) + outcome.over
    }

    private mutating func tune(_ tuning: Tuning) throws(Refusal) {
        let (taken, refused) = Tuner(machine: machine, host: host).perform(tuning)
        if !taken.isEmpty { report.tuned.taken[tuning.attribute, default: []] += taken }
        if !refused.isEmpty { report.tuned.refused[tuning.attribute, default: []] += refused }
        // What is tried again and again makes the journal no longer.
        let applied = journal.applied
        let fresh = refused.filter { applied.refused[$0.file] != $0 }
        if !fresh.isEmpty { try enter(Journal.Entry(refused: fresh)) }
        let retried = taken.compactMap(applied.retried)
        if !retried.isEmpty { try enter(Journal.Entry(undo: .tune(Tuning(tuning.attribute, writes: retried)))) }
    }

    /// Tells irqbalance; when it does not listen, the drop-ins still tell the next one.
    private mutating func perform(_ ban: IrqbalanceBan) {
        guard let irqbalance = Irqbalance(on: machine) else { return }
        do throws(FileError) {
            try irqbalance.ban(ban.new, on: machine)
            report.banned = ban.new
        } catch {
            report.isIrqbalanceUnavailable = true
        }
    }

    private mutating func cycleCPUs(off cpus: CPUSet) throws(Refusal) {
        let chaser = CPUHotplug(machine: machine, host: host)
        let start = journal.entries.count
        let choices = chaser.choices
        for record in choices { try enter(Journal.Entry(undo: .restoreAffinities(record))) }
        for cpu in cpus {
            let mark = journal.entries.count
            guard let loss = chaser.loss(of: cpu) else {
                report.notCycled.insert(cpu)
                continue
            }
            try enter(Journal.Entry(undo: .restoreCPU(loss)))
            if chaser.chase(loss) { report.cycled.insert(cpu) } else { report.notCycled.insert(cpu) }
            try cutJournal(to: mark)
        }
        for record in choices { _ = record.restore(on: machine) }
        // The CPUs are back, and there is nothing to undo any more.
        try cutJournal(to: start)
    }

    private mutating func remember(_ online: CPUSet) throws(Refusal) {
        let history = AffinityHistory(of: journal, online: host.online)
        let kernelThreadsOnly = host.kernel >= KernelVersion(6, 2)
        // Children of PID 1 may be held to housekeeping. Kernel threads are by nohz_full=, which then is their own mask.
        let held = kernelThreadsOnly ? [] : Set(journal.entries.compactMap { $0.intent?.shield.housekeeping })
        memory = SavedAffinities(
            of: machine, in: host.groups, layout: host.layout, usual: held.union([online]),
            kernelThreadsOnly: kernelThreadsOnly)
        for record in memory.records where !history.holds(record) {
            try enter(Journal.Entry(undo: .restoreAffinities(record)))
        }
        memory.takeOriginals(from: history, on: machine)
    }

    private mutating func perform(_ sweep: Sweep) throws(Refusal) {
        var journal = journal
        let machine = machine
        let limits = UnitLimits(of: journal, online: host.online)
        var sweeper = Sweeper(
            sweep, besides: behind ?? limits.late(in: host.groups, on: machine).map(\.group), machine: machine,
            layout: host.layout, history: AffinityHistory(of: journal, online: host.online),
            hasOfflineCPUs: host.topology.possible != host.online, taken: host.groups.taken, online: host.online
        ) { step throws(FileError) in
            try journal.append(Journal.Entry(undo: step), on: machine)
        }
        defer { self.journal = journal }
        var swept = SweepReport()
        try attempt { () throws(FileError) in swept = try sweeper.run() }
        report.swept = swept
    }

    // MARK: - Journal

    private mutating func enter(_ entry: Journal.Entry) throws(Refusal) {
        do throws(FileError) {
            try journal.append(entry, on: machine)
        } catch {
            throw Refusal(
                .file(error), why: "nothing is changed before its inverse is on disk",
                advice: "make room in, or allow writing to, \(machine.path(of: KernelFile(.state, "")))")
        }
    }

    private mutating func cutJournal(to mark: Int) throws(Refusal) {
        do throws(FileError) {
            try journal.truncate(to: mark, on: machine)
        } catch {
            throw Diagnosis(machine: machine, host: host).explain(.file(error), nil)
        }
    }

    /// Undoes what was recorded after the mark, and cuts the journal back to it.
    private mutating func takeBack(to mark: Int) -> [UndoReport.Leftover] {
        let steps = journal.entries.dropFirst(mark).compactMap(\.undo)
        let since = journal.header?.ticks ?? 0
        let undone = Undo(machine: machine, host: host).run(
            steps, ending: mark <= 1 ? journal.shields : [], since: since)
        // What an earlier run recorded is not among these steps, and was wiped by them (kernels before 6.2).
        memory.reapply(on: machine)
        do throws(FileError) {
            if mark <= 1, undone.remaining.isEmpty {
                try Journal.remove(on: machine)
            } else if undone.remaining.isEmpty {
                try journal.truncate(to: mark, on: machine)
            }
        } catch {
            return undone.unfinished + [.init(error.path, why: error.description)]
        }
        return undone.unfinished
    }

    /// Does something with files, and explains a refusal.
    private func attempt(_ action: () throws(FileError) -> Void) throws(Refusal) {
        do throws(FileError) {
            try action()
        } catch {
            throw Diagnosis(machine: machine, host: host).explain(.file(error), nil)
        }
    }
}
