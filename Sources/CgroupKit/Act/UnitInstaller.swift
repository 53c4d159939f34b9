// SPDX-License-Identifier: Apache-2.0

import Linux

/// Puts unit files in place and has systemd take them, with one `daemon-reload`.
struct UnitInstaller {
    let machine: any Machine
    let host: Host

    init(machine: any Machine, host: Host) {
        self.machine = machine
        self.host = host
    }

    /// Makes the change and waits until the groups show it.
    func install(_ change: UnitChange) throws(Refusal) {
        for file in change.files { try put(file) }
        try systemctl(["daemon-reload"])
        for unit in unneeded(after: change) where !holdsTasks(unit) { try systemctl(["stop", unit]) }
        if !change.start.isEmpty { try systemctl(["start"] + change.start) }
        // Units that never gave CPUs, as those of irqbalance, leave nothing to clear.
        if change.given.isEmpty, !change.givenBefore.isEmpty {
            SystemdRelease(machine: machine, host: host).release(change)
        }
        try awaitUnits(change)
    }

    private func put(_ file: UnitChange.File) throws(Refusal) {
        let location = KernelFile(.units, file.path)
        do throws(FileError) {
            if let text = file.new {
                try machine.replaceFile(location, with: text)
            } else {
                try machine.removeFile(location)
            }
        } catch  where error.isAbsence && file.new == nil {
            return
        } catch {
            throw Diagnosis(machine: machine, host: host).explain(.file(error), nil)
        }
    }

    private func systemctl(_ arguments: [String]) throws(Refusal) {
        let outcome: (status: Int32, output: String)
        do throws(FileError) {
            outcome = try machine.run(["systemctl"] + arguments)
        } catch {
            throw Diagnosis(machine: machine, host: host).explain(.file(error), nil)
        }
        guard outcome.status != 0 else { return }
        throw Refusal(
            .program(
                command: "systemctl " + arguments.joined(separator: " "), status: outcome.status,
                output: String(outcome.output.trimmingASCIISpace())),
            why: "systemd owns the cgroups of this machine and did not do what it was asked",
            advice: "see 'journalctl -b _PID=1', and try again")
    }

    /// What stops with a change: systemd starts the slice above those of the partitions by itself, and never stops it by itself.
    private func unneeded(after change: UnitChange) -> [String] {
        let above = SystemdStrategy.slice
        let isLast = change.given.isEmpty && !change.stop.isEmpty && !change.stop.contains(above.name)
        return isLast && machine.exists(above.directory) ? change.stop + [above.name] : change.stop
    }

    /// Stopping a slice that programs live in would kill them; it then stays, without limits.
    private func holdsTasks(_ slice: String) -> Bool {
        GroupTree(reading: host.layout, on: machine).below(SystemdUnits.group(of: slice), includingItself: true)
            .contains(where: \.hasTasks)
    }

    // MARK: - Read back

    /// Waits until systemd has written what the files say: it does so after the reload has returned.
    private func awaitUnits(_ change: UnitChange) throws(Refusal) {
        var late: Group?
        let settled = Set(change.settled)
        for _ in 0..<Self.patience {
            late = lateGroup(change, settled)
            guard late != nil else { return }
            machine.pause()
        }
        guard let late else { return }
        throw Refusal(
            .notHeld(
                path: machine.path(of: late.path.file("cpuset.cpus")),
                wanted: change.given.map(\.description).joined(separator: "' or '"),
                found: late.cpus?.description ?? ""),
            why: "systemd took the unit files and did not apply them to \(late.path.name)",
            advice: "see 'systemctl show -p AllowedCPUs \(late.path.name)' and 'journalctl -b _PID=1'")
    }

    /// How often the groups are looked at, 50 ms apart: systemd needs seconds for hundreds of units on a slow machine.
    private static let patience = 400

    /// A group that does not hold what its unit was given, nor what it had of its own.
    private func lateGroup(_ change: UnitChange, _ settled: Set<GroupPath>) -> Group? {
        let groups = GroupTree(reading: host.layout, on: machine)
        let isGiven = { (group: Group) in
            group.cpus.map { change.given.contains($0) || settled.contains(group.path) && !$0.isEmpty } ?? false
        }
        for slice in change.start {
            let group = groups[SystemdUnits.group(of: slice)] ?? Group(SystemdUnits.group(of: slice))
            if !isGiven(group) { return group }
        }
        guard change.files.contains(where: { $0.path == SystemdUnits.serviceDropIn && $0.new != nil }) else {
            return nil
        }
        return groups.all.first { SystemdUnits.isNarrowedItself($0.path) && !isGiven($0) }
    }
}
