// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

/// Clears what systemd leaves behind when limits go away: it keeps `cpuset.cpus` as it was (systemd#43846).
struct SystemdRelease {
    let machine: any Machine
    let host: Host

    /// Clears the values that the units were given, then the controller where it was not handed down before.
    func release(_ change: UnitChange) {
        let settled = Set(change.settled)
        let groups = CgroupTree(reading: host.layout, on: machine)
        let given = groups.all.filter { isGiven($0, change) && !settled.contains($0.path) }
        nudge(given.map(\.path), groups, change)
        for group in given {
            guard let cpus = group.cpus else { continue }
            let write = Write(.cpus(of: group.path), old: .cpus(cpus), new: .cpus([]), why: "the limit is gone")
            // A group that ends meanwhile has nothing left to clear.
            _ = FileApplier(machine: machine, host: host).apply(write)
        }
        let before = Set(change.handingDown)
        for group in CgroupTree(reading: host.layout, on: machine).all.reversed() where !before.contains(group.path) {
            retractController(of: group)
        }
    }

    /// Has systemd take the controller back itself where it did not hand it down before.
    ///
    /// 257 would otherwise go on to take it for handed down after it is gone, and write nothing to these groups the next time.
    private func nudge(_ given: [CgroupPath], _ groups: CgroupTree, _ change: UnitChange) {
        let handing = Set(groups.all.filter { $0.subtreeControl.contains("cpuset") }.map(\.path))
            .subtracting(change.handingDown)
        UnitNudge(machine: machine).nudge(
            given.filter { handing.contains($0.parent) && !$0.isWithin(SystemdStrategy.slice) })
    }

    /// Whether a group has what its unit was given; a container that asked for the same CPUs keeps them.
    private func isGiven(_ group: Cgroup, _ change: UnitChange) -> Bool {
        guard group.path.isWithin(SystemdStrategy.slice) || SystemdUnits.isNarrowedItself(group.path) else {
            return false
        }
        return group.cpus.map(change.givenBefore.contains) ?? false
    }

    /// Takes the controller from the children of a group that did not have it, unless one of them is a container or uses it.
    private func retractController(of group: Cgroup) {
        guard group.subtreeControl.contains("cpuset"), !machine.needsController(below: group.path, host: host) else {
            return
        }
        let children = (try? machine.entries(of: group.path.directory, directoriesOnly: true)) ?? []
        guard !children.contains(where: { group.path.child($0).owner.isContainer }) else { return }
        // Busy means that somebody took it into use meanwhile, and then it stays.
        try? machine.write(.controller(false), to: .subtreeControl(of: group.path))
    }
}
