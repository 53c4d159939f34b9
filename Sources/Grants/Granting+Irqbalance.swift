// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

extension Granting {
    /// The CPUs that irqbalance is to leave alone because of grants; the shield tells it of its own.
    private var bans: CPUSet { ledger.quiet.isSubset(of: summary.quiet) ? [] : ledger.quiet }

    /// What it leaves alone because of the shield.
    private var shielded: CPUSet {
        guard let shield = summary.shield, shield.attributes.contains(.irqbalance) else { return [] }
        return shield.cpus
    }

    /// Remembers what irqbalance leaves alone by itself, before it is told more.
    mutating func rememberBans() {
        guard !bans.isEmpty, ledger.banned == nil, let irqbalance = Irqbalance(on: machine) else { return }
        let found = shielded.isEmpty ? nil : summary.applied(on: machine).originallyBanned
        ledger.banned = found ?? irqbalance.banned
    }

    /// Has irqbalance leave the interrupts of quiet CPUs alone, and else what it left alone before.
    ///
    /// It takes what it is told at its next look, and moves nothing before. Until then it says what it had: so it is told each
    /// time, and what it left alone before is remembered until it says that again. One that is gone cannot be told.
    mutating func tellIrqbalance() {
        guard let banned = ledger.banned else { return }
        let isOver = bans.isEmpty && shielded.isEmpty
        let wanted = banned.union(bans).union(shielded)
        guard let irqbalance = Irqbalance(on: machine) else {
            if isOver { ledger.banned = nil }
            return
        }
        do throws(FileError) {
            try wanted.isEmpty
                ? irqbalance.forget(on: machine, isUrgent: false)
                : irqbalance.ban(wanted, on: machine, isUrgent: false)
        } catch {
            return
        }
        if isOver, irqbalance.banned == wanted { ledger.banned = nil }
    }
}
