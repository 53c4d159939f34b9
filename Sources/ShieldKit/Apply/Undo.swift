// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import Linux
package import MachineKit

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
        let foreign = AffinityOwnership(shields, online: host.online).foreign(in: steps, host, on: machine)
        var going: Set<CgroupPath> = []
        for case .removeGroup(let spec) in steps { going.insert(spec.path) }
        for step in steps.reversed() {
            if case .write(let write) = step, isPointless(write, going) { continue }
            if !undo(step, except: foreign, &report) { report.remaining.append(step) }
        }
        undoLateWrites(&report)
        restoreKernelThreads(steps, except: foreign)
        report.remaining.reverse()
        Tuner(machine: machine, host: host).widenInherited(steps)
        if let ban = IrqbalanceBan(all: steps) { IrqbalanceRestorer(machine: machine, host: host).lift(ban, &report) }
        widenInherited(of: Set(shields.map(\.housekeeping)), since: since)
        return report
    }

    /// - Returns: Whether nothing remains to be done for this step.
    private func undo(_ step: Step, except foreign: Set<Int32>, _ report: inout UndoReport) -> Bool {
        switch step {
        case .write(let write): return undo(write, &report)
        case .removeGroup(let spec): return CgroupRemover(machine: machine, host: host).remove(spec, &report)
        case .makeGroup(let spec): return (try? machine.makeDirectory(spec.path.directory)) != nil
        case .restoreAffinities(let record):
            for (id, errno) in record.restore(on: machine, except: foreign) where errno != .invalidArgument {
                report.foreign.append(.init("task \(id)", why: "its affinity could not be put back: \(errno)"))
            }
            return true
        case .units(let change):
            do throws(Refusal) {
                for unit in try UnitInstaller(machine: machine, host: host).install(change).late {
                    report.leave(
                        machine.path(of: unit.group.directory), why: "systemd has not applied CPUs \(unit.wanted) to it"
                    )
                }
                return true
            } catch {
                report.unfinished.append(.init(machine.path(of: KernelFile(.units, "")), why: error.what))
                return false
            }
        case .tune(let tuning):
            Tuner(machine: machine, host: host).revert(tuning, &report)
            return true
        case .restoreCPU(let loss):
            CPUHotplug(machine: machine, host: host).restore(loss)
            return true
        case .ban, .rememberAffinities, .sweep, .cycleCPUs: return true
        }
    }

    /// Gives tasks once more what they had, now that the shield's partition is none any more.
    ///
    /// Since 7.0 kernel threads do not follow their cpuset (`cpuset_update_tasks_cpumask`): what they were given while the partition
    /// stood went without its CPUs, and would stay so.
    private func restoreKernelThreads(_ steps: [Step], except foreign: Set<Int32>) {
        guard host.layout.version == .v2, host.kernel >= KernelVersion(7, 0) else { return }
        for case .restoreAffinities(let record) in steps.reversed() {
            _ = record.restore(on: machine, except: foreign)
        }
    }

    // MARK: - Files

    /// Tries writes again that did not go: a v1 group cannot lose CPUs that a group below has, which is gone by now.
    ///
    /// Nothing else is: units and busy groups were waited for.
    private func undoLateWrites(_ report: inout UndoReport) {
        let late = report.remaining
        report.remaining = []
        for step in late {
            guard case .write(let write) = step else {
                report.remaining.append(step)
                continue
            }
            report.unfinished.removeAll { $0.path == machine.path(of: write.file) }
            if !undo(write, &report) { report.remaining.append(step) }
        }
    }

    /// Whether a value is in a group that goes, or stays as it is because an engine moved in.
    ///
    /// Only a partition has to end first: its CPUs leak otherwise (6.7 to 6.19).
    private func isPointless(_ write: Write, _ going: Set<CgroupPath>) -> Bool {
        write.file.kind != .partition && (write.file.cgroup.map(going.contains) ?? false)
    }

    private func undo(_ write: Write, _ report: inout UndoReport) -> Bool {
        let path = machine.path(of: write.file)
        if keepsController(write) {
            report.foreign.append(.init(path, why: "a group below has CPUs of its own, which it would lose"))
            return true
        }
        switch FileApplier(machine: machine, host: host).undo(write) {
        case .taken, .gone: return true
        case .changed(let found):
            report.foreign.append(.init(path, why: "holds '\(found)' by now, which is not rtshield's"))
            return true
        case .refused(let error) where error.errno == .busy && write.new == .controller(false):
            // An engine hands the controller down by now, and keeps it.
            report.foreign.append(.init(path, why: "the controller is in use below this group"))
            return true
        case .refused(let error):
            report.unfinished.append(.init(path, why: error.description))
            return false
        }
    }

    /// Whether a write would take the controller from groups that need it.
    private func keepsController(_ write: Write) -> Bool {
        guard write.new == .controller(false), machine.value(of: write.file) == write.old else { return false }
        return write.file.cgroup.map { machine.needsController(below: $0, host: host) } ?? false
    }

    // MARK: - Tasks that inherited an affinity

    /// Widens tasks that PID 1 started while it was held to housekeeping: they inherited its affinity.
    private func widenInherited(of housekeeping: Set<CPUSet>, since: UInt64) {
        guard !housekeeping.isEmpty else { return }
        for id in machine.taskIDs() where (try? machine.affinity(of: id)).map(housekeeping.contains) == true {
            guard let task = HostTask(reading: id, on: machine), !task.stat.isKernelThread else { continue }
            guard task.stat.startTime >= since else { continue }
            try? machine.setAffinity(host.online, of: id)
        }
    }
}

extension Machine {
    /// Whether a group hands the cpuset controller to children that hand it on, or have CPUs of their own.
    ///
    /// The kernel refuses to take it back in the first case (EBUSY), and forgets their CPUs in the second.
    func needsController(below path: CgroupPath, host: Host) -> Bool {
        let names = (try? entries(of: path.directory, directoriesOnly: true)) ?? []
        return names.contains { name in
            let child = Cgroup(reading: path.child(name), layout: host.layout, on: self)
            return child.subtreeControl.contains("cpuset")
                || child.cpus.map { !$0.isEmpty && !$0.isSuperset(of: host.online) } ?? false
        }
    }
}
