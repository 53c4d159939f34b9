// SPDX-License-Identifier: Apache-2.0

/// Clears what systemd leaves behind when limits go away: it keeps `cpuset.cpus` as it was (systemd#43846).
struct SystemdRelease {
    let machine: any Machine
    let host: Host

    /// Clears the values that the units were given, then the controller where it was not handed down before.
    func release(_ change: UnitChange) {
        let settled = Set(change.settled)
        for group in GroupTree(reading: host.layout, on: machine).all where isGiven(group, change) {
            guard let cpus = group.cpus, !settled.contains(group.path) else { continue }
            let write = Write(group.path.file("cpuset.cpus"), old: cpus.description, new: "", why: "the limit is gone")
            // A group that ends meanwhile has nothing left to clear.
            try? machine.putBack(write, host: host)
        }
        let before = Set(change.handingDown)
        for group in GroupTree(reading: host.layout, on: machine).all.reversed() where !before.contains(group.path) {
            retractController(of: group)
        }
    }

    /// Whether a group has what its unit was given; a container that asked for the same CPUs keeps them.
    private func isGiven(_ group: Group, _ change: UnitChange) -> Bool {
        guard group.path.isWithin(SystemdStrategy.slice) || SystemdUnits.isNarrowedItself(group.path) else {
            return false
        }
        return group.cpus.map(change.givenBefore.contains) ?? false
    }

    /// Takes the controller from the children of a group that did not have it, unless one of them is a container or uses it.
    private func retractController(of group: Group) {
        guard group.handedDown.contains("cpuset"), !machine.needsController(below: group.path, host: host) else {
            return
        }
        let children = (try? machine.entries(of: group.path.directory, directoriesOnly: true)) ?? []
        guard !children.contains(where: { EngineGroups.isContainer(group.path.child($0)) }) else { return }
        // Busy means that somebody took it into use meanwhile, and then it stays.
        try? machine.write("-cpuset", to: group.path.file("cgroup.subtree_control"))
    }
}
