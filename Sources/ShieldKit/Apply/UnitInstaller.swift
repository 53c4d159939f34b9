// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Linux
import MachineKit

/// Puts unit files in place and has systemd take them, with one `daemon-reload`.
struct UnitInstaller {
    let machine: any Machine
    let host: Host

    init(machine: any Machine, host: Host) {
        self.machine = machine
        self.host = host
    }

    /// Makes the change and waits until the groups show it.
    ///
    /// - Returns: The units that keep other CPUs than they were given: one of them undoes no shield.
    /// - Throws: A ``Refusal`` if systemd fails, or a slice of the shield does not get its CPUs.
    func install(_ change: UnitChange) throws(Refusal) -> UnitWait.Outcome {
        for file in change.files { try put(file) }
        let start = machine.uptime
        try systemctl(["daemon-reload"])
        let reload = machine.uptime - start
        SystemdPartitions(machine: machine, host: host).end(change)
        for unit in unneeded(after: change) where !holdsTasks(unit) { try systemctl(["stop", unit]) }
        if !change.start.isEmpty { try systemctl(["start"] + change.start) }
        // Units that never gave CPUs, as those of irqbalance, leave nothing to clear.
        if change.given.isEmpty, !change.givenBefore.isEmpty {
            SystemdRelease(machine: machine, host: host).release(change)
        }
        let limits = UnitLimits(after: change, online: host.online)
        let wait = UnitWait(machine: machine, layout: host.layout, limits: limits, reload: reload)
        let outcome = wait.run()
        if let slice = outcome.late.first(where: \.isSlice) { throw refusal(slice) }
        return outcome
    }

    private func put(_ file: UnitChange.File) throws(Refusal) {
        let location = KernelFile(.units, file.path)
        do throws(FileError) {
            if let content = file.new {
                try machine.replaceFile(location, with: content.text)
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
        CgroupTree(reading: host.layout, on: machine).below(SystemdUnits.group(of: slice), includingItself: true)
            .contains(where: \.hasTasks)
    }

    private func refusal(_ slice: LateUnit) -> Refusal {
        Refusal(
            .notHeld(
                path: machine.path(of: .cpus(of: slice.group)), wanted: slice.wanted.description,
                found: slice.holds?.description ?? ""),
            why: "systemd took the unit files and did not apply them to \(slice.unit)",
            advice: "see 'systemctl show -p AllowedCPUs \(slice.unit)' and 'journalctl -b _PID=1'")
    }
}
