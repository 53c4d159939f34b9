// SPDX-License-Identifier: Apache-2.0

import Linux

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit

/// What becomes of tasks and their affinity.
extension Cpusets {
    /// Kernels from 6.2 intersect the mask a task chose with its cpuset; older ones overwrite it.
    var keepsAffinities: Bool { kernel >= KernelVersion(6, 2) }

    /// Makes a change, and gives tasks whose cpuset it changed their new CPUs.
    mutating func change(_ body: (inout Cpusets) -> Void) {
        let before = self
        body(&self)
        if version == .v2 { invalidatePartitions() }
        for (group, members) in Dictionary(grouping: tasks.values, by: \.group) {
            let (old, new) = (before.cpuset(of: group), cpuset(of: group))
            let allowed = allowed(in: new)
            guard old != new || before.allowed(in: old) != allowed else { continue }
            for task in members where !(task.isKernelThread && hasHousekeeping) { apply(allowed, to: task.id) }
        }
        guard hasHousekeeping, before.isolated != isolated else { return }
        for task in tasks.values where task.isKernelThread && !task.refusesAffinity {
            apply(online.subtracting(isolated), to: task.id)
        }
    }

    /// Kernel threads follow no cpuset since 7.0, but leave isolated CPUs (`kthreads_update_housekeeping`).
    private var hasHousekeeping: Bool { version == .v2 && kernel >= KernelVersion(7, 0) }

    private mutating func apply(_ allowed: CPUSet, to id: Int32) {
        guard var task = tasks[id], !task.isPerCPU, !(keepsAffinities && task.refusesAffinity) else { return }
        let kept = keepsAffinities ? (task.chosen ?? allowed).intersection(allowed) : allowed
        task.affinity = kept.isEmpty ? allowed : kept
        tasks[id] = task
    }

    // MARK: - Moving

    mutating func attach(_ id: Int32, to path: CgroupPath, wholeProcess: Bool) throws(Errno) {
        guard let task = tasks[id] else { throw .noSuchProcess }
        if task.vanishes {
            tasks[id] = nil
            throw .noSuchProcess
        }
        // kthreadd has id 2.
        guard !task.refusesAffinity, id != 2 else { throw .invalidArgument }
        let group = try group(path)
        let hasMems = version == .v2 || !group.mems.isEmpty
        guard !allowed(in: path).isEmpty, hasMems else { throw .noSpace }
        for (other, moved) in tasks where other == id || wholeProcess && moved.process == task.process {
            tasks[other]?.group = path
            tasks[other]?.forks = 0
            if cpuset(of: moved.group) != cpuset(of: path) { apply(allowed(in: path), to: other) }
        }
        if task.forks > 0, task.group != path { leaveChild(of: task) }
    }

    /// A child that was forked just before its parent moved stays behind.
    private mutating func leaveChild(of parent: ScriptedTask) {
        var child = parent
        child.id = (tasks.keys.max() ?? 0) + 1
        child.process = child.id
        child.parent = parent.id
        child.forks -= 1
        child.startTime = BootClock.ticks
        tasks[child.id] = child
    }

    // MARK: - Affinity

    func affinity(of id: Int32) throws(Errno) -> CPUSet {
        guard let task = tasks[id] else { throw .noSuchProcess }
        return task.affinity.intersection(online)
    }

    mutating func setAffinity(_ cpus: CPUSet, of id: Int32) throws(Errno) {
        guard let task = tasks[id] else { throw .noSuchProcess }
        let kept = cpus.intersection(allowed(in: cpuset(of: task.group)))
        guard !task.refusesAffinity, !kept.isEmpty else { throw .invalidArgument }
        tasks[id]?.affinity = kept
        tasks[id]?.chosen = cpus
    }
}
