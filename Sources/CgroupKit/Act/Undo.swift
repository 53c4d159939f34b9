// SPDX-License-Identifier: Apache-2.0

import Linux

/// Puts back what a journal tells, newest first.
///
/// Each inverse may have been done already (a `kill -9` in the middle of undoing), or may never have been needed (the step it
/// belongs to was not begun): both are recognised by what the kernel holds, and only what is still rtshield's own is put back.
package struct Undo {
    private let machine: any Machine
    private let host: Host

    package init(machine: any Machine, host: Host) {
        self.machine = machine
        self.host = host
    }

    /// Performs the inverses in reverse order.
    ///
    /// - Parameters:
    ///   - steps: The inverses in the order in which they were recorded.
    ///   - shields: The shield that ends, and what it was before it was resized; none when a change to it is taken back. Children
    ///     of PID 1 were held to their housekeeping CPUs, and are widened.
    ///   - since: When the shield was begun, in clock ticks since boot.
    /// - Returns: What is not as it was, and why.
    package func run(_ steps: [Step], ending shields: [Shield], since: UInt64) -> UndoReport {
        var report = UndoReport()
        let chosen = chosenAffinities(steps, shields)
        var going: Set<GroupPath> = []
        for case .removeGroup(let seat) in steps { going.insert(seat.path) }
        for step in steps.reversed() {
            if case .write(let write) = step, isPointless(write, going) { continue }
            if !undo(step, &report) { report.remaining.append(step) }
        }
        report.remaining.reverse()
        chosen?.settle(on: machine)
        widenHeirs(of: Set(shields.map(\.housekeeping)), since: since)
        return report
    }

    /// What tasks chose since the shield was made: before 6.2 it would be wiped like what they chose before.
    private func chosenAffinities(_ steps: [Step], _ shields: [Shield]) -> AffinityMemory? {
        guard host.kernel < KernelVersion(6, 2) else { return nil }
        // These come from the groups of the shield, not from anybody's choice.
        let given = shields.flatMap { [$0.housekeeping, $0.cpus] + $0.partitions.map(\.cpus) }
        var recorded: Set<Int32> = []
        for case .restoreAffinities(let record) in steps { recorded.formUnion(record.tasks) }
        return AffinityMemory(
            of: machine, in: GroupTree(reading: host.layout, on: machine), layout: host.layout,
            usual: Set([host.online] + given), except: recorded)
    }

    /// - Returns: Whether nothing remains to be done for this step.
    private func undo(_ step: Step, _ report: inout UndoReport) -> Bool {
        switch step {
        case .write(let write): return undo(write, &report)
        case .removeGroup(let seat): return remove(seat, &report)
        case .makeGroup(let seat): return (try? machine.makeDirectory(seat.path.directory)) != nil
        case .restoreAffinities(let record):
            for (id, errno) in record.restore(on: machine) where errno != .invalidArgument {
                report.foreign.append(.init("task \(id)", why: "its affinity could not be put back: \(errno)"))
            }
            return true
        case .units(let change):
            do throws(Refusal) {
                try UnitInstaller(machine: machine, host: host).install(change)
                return true
            } catch {
                report.unfinished.append(.init(machine.path(of: KernelFile(.units, "")), why: error.what))
                return false
            }
        case .rememberAffinities, .sweep: return true
        }
    }

    // MARK: - Files

    /// Whether a value is in a group that goes, or stays as it is because an engine moved in.
    ///
    /// Only a partition has to end first: its CPUs leak otherwise (6.7 to 6.19).
    private func isPointless(_ write: Write, _ going: Set<GroupPath>) -> Bool {
        write.file.tree == .cpuset && !write.file.path.hasSuffix("cpuset.cpus.partition")
            && going.contains(GroupPath(write.file.path).parent)
    }

    private func undo(_ write: Write, _ report: inout UndoReport) -> Bool {
        let path = machine.path(of: write.file)
        guard let text = machine.textIfPresent(of: write.file), !write.matches(text, write.new) else { return true }
        guard write.matches(text, write.old) else {
            report.foreign.append(.init(path, why: "holds '\(text)' by now, which is not rtshield's"))
            return true
        }
        if write.new == "-cpuset", machine.needsController(below: GroupPath(write.file.path).parent, host: host) {
            report.foreign.append(.init(path, why: "a group below has CPUs of its own, which it would lose"))
            return true
        }
        do throws(FileError) {
            try machine.putBack(write, host: host)
            return true
        } catch  where error.isAbsence {
            return true
        } catch  where error.errno == .busy && write.new == "-cpuset" {
            // An engine hands the controller down by now, and keeps it.
            report.foreign.append(.init(path, why: "the controller is in use below this group"))
            return true
        } catch {
            report.unfinished.append(.init(path, why: error.description))
            return false
        }
    }

    // MARK: - Groups

    private func remove(_ seat: GroupSeat, _ report: inout UndoReport) -> Bool {
        guard machine.exists(seat.path.directory) else { return true }
        let path = machine.path(of: seat.path.directory)
        do throws(FileError) {
            report.evacuated += try evacuate(seat)
            try machine.removeDirectory(seat.path.directory)
            return true
        } catch  where error.isAbsence {
            return true
        } catch  where error.errno == .busy && report.remaining.contains(where: { $0.isRemoval(within: seat.path) }) {
            return false
        } catch  where error.errno == .busy && seat.isAdoptable {
            report.foreign.append(.init(path, why: "an engine uses it by now"))
            return true
        } catch {
            let held = GroupTree(reading: host.layout, on: machine).children(of: seat.path).map(\.path.name)
            let why = held.isEmpty ? error.errno.description : "still holds " + held.joined(separator: ", ")
            report.unfinished.append(.init(path, why: why))
            return false
        }
    }

    /// Moves what is in the group to its heir, in passes, because parents fork meanwhile.
    private func evacuate(_ seat: GroupSeat) throws(FileError) -> Int {
        var count = 0
        for _ in 0..<Sweeper.passLimit {
            let ids = machine.taskIDs(in: seat.path, layout: host.layout)
            guard !ids.isEmpty, !seat.isAdoptable else { break }
            let refused = try machine.write(each: ids, to: seat.heir.file(host.layout.tasksFile))
            count += ids.count - refused.count
            if refused.contains(where: { $0.errno != .noSuchProcess }) { break }
        }
        return count
    }

    // MARK: - Heirs

    /// Widens tasks that PID 1 started while it was held to housekeeping: they inherited its affinity.
    private func widenHeirs(of housekeeping: Set<CPUSet>, since: UInt64) {
        guard !housekeeping.isEmpty else { return }
        for id in machine.taskIDs() where (try? machine.affinity(of: id)).map(housekeeping.contains) == true {
            guard let task = HostTask(reading: id, on: machine), !task.stat.isKernelThread else { continue }
            guard task.stat.startTime >= since else { continue }
            try? machine.setAffinity(host.online, of: id)
        }
    }
}

extension Step {
    /// Whether the step removes a group below `path`.
    fileprivate func isRemoval(within path: GroupPath) -> Bool {
        if case .removeGroup(let seat) = self { seat.path.isWithin(path) } else { false }
    }
}
