// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

/// Waits until systemd has written what its unit files say, and nudges it when it does not by itself.
struct UnitWait {
    /// What waiting came to.
    struct Outcome {
        /// Units that systemd does not give their CPUs although they run.
        var late: [LateUnit] = []
        /// Groups that no unit uses any more, with processes that were left behind.
        var over: [CgroupPath] = []
    }

    let machine: any Machine
    let layout: CgroupLayout
    let limits: UnitLimits
    /// How long the reload took: the measure of how slow this machine is.
    let reload: Duration

    /// How long nothing may change before systemd is nudged: it needs moments, and another one is harmless.
    private var grace: Duration { max(.milliseconds(500), reload) }
    /// How long nothing may change after that.
    private var patience: Duration { max(.seconds(2), reload * 4) }
    /// How long it may take as a whole while units follow one by one.
    private var limit: Duration { max(.seconds(30), reload * 20) }
    /// The second one comes with one more reload.
    private static let nudges = 2

    /// Waits for the units that get what all get, and then has systemd apply what single services get; 257 does not by itself.
    func run() -> Outcome {
        let outcome = wait()
        let groups = limits.servesSingleServices ? CgroupTree(reading: layout, on: machine) : CgroupTree([])
        UnitNudge(machine: machine).nudge(limits.singleServicesBehind(in: groups))
        return outcome
    }

    /// Looks at the groups, and then again at those that are late.
    private func wait() -> Outcome {
        guard !limits.isEmpty else { return Outcome() }
        var outcome = Outcome(late: limits.late(in: CgroupTree(reading: layout, on: machine), on: machine))
        let start = machine.uptime
        var (lastChange, nudges) = (start, 0)
        while !outcome.late.isEmpty, machine.uptime - start < limit {
            if machine.uptime - lastChange >= (nudges == 0 ? grace : patience) {
                guard nudges < Self.nudges else { break }
                nudge(&outcome, isFirst: nudges == 0)
                (lastChange, nudges) = (machine.uptime, nudges + 1)
            }
            machine.pause()
            let left = outcome.late.compactMap { limits.late($0, layout: layout, on: machine) }
            if left.count < outcome.late.count { lastChange = machine.uptime }
            outcome.late = left
        }
        return outcome
    }

    private func nudge(_ outcome: inout Outcome, isFirst: Bool) {
        if isFirst {
            let over = machine.ended(outcome.late.filter { !$0.isSlice })
            outcome.over = over.map(\.group).sorted()
            outcome.late.removeAll(where: over.contains)
        } else {
            // Where somebody took the controller back, it is there again by now, and a reload has systemd write once more (257, 262).
            _ = try? machine.run(["systemctl", "daemon-reload"])
        }
        UnitNudge(machine: machine).nudge(outcome.late.map(\.group))
    }
}

/// Has systemd apply what it read.
///
/// systemd 257 takes new limits at `daemon-reload` and queues no unit for them: it takes each for queued already
/// (unit_invalidate_cgroup() in `src/core/cgroup.c`). A unit that starts queues the active units of its slice, and of the slices
/// above; so one that does nothing is started where late ones are.
struct UnitNudge {
    let machine: any Machine

    /// Starts a unit in each slice that has late units, but in none above another of them.
    func nudge(_ units: [CgroupPath]) {
        let slices = Set(units.map(\.parent))
        for slice in slices.sorted() where !slices.contains(where: { $0 != slice && $0.isWithin(slice) }) {
            // What stays late is told; without '--wait', which needs a D-Bus daemon.
            _ = try? machine.run([
                "systemd-run", "--quiet", "--collect", "--no-ask-password", "--slice=\(SystemdUnits.unit(of: slice))",
                "--description=rtshield has the CPUs of this slice's units applied", "true",
            ])
        }
    }
}

extension Machine {
    /// Tells which of these units are over, with one question to systemd: their processes were left behind, and it writes nothing
    /// for their groups any more.
    ///
    /// - Returns: None where systemd does not answer, as in a recording.
    package func ended(_ units: [LateUnit]) -> Set<LateUnit> {
        guard !units.isEmpty else { return [] }
        let command = ["systemctl", "show", "--property=Id,ActiveState", "--"] + units.map(\.unit)
        guard let answer = try? run(command), answer.status == 0 else { return [] }
        let ended = answer.output.split(separator: "\n\n").map { $0.split(separator: "\n") }.filter { lines in
            lines.contains("ActiveState=inactive") || lines.contains("ActiveState=failed")
        }
        return Set(units.filter { unit in ended.contains { $0.contains("Id=\(unit.unit)") } })
    }
}
