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

    /// Looks at the groups, and then again at those that are late.
    func run() -> Outcome {
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
