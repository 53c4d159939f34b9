// SPDX-License-Identifier: Apache-2.0

internal import CgroupKit

extension Granting {
    /// The CPUs that irqbalance is to leave alone because of grants; the shield tells it of its own.
    private var bans: CPUSet { ledger.quiet.isSubset(of: glance.quiet) ? [] : ledger.quiet }

    /// Remembers what irqbalance leaves alone by itself, before it is told more.
    mutating func rememberBans() {
        guard !bans.isEmpty, ledger.banned == nil, let irqbalance = Irqbalance(on: machine) else { return }
        ledger.banned = irqbalance.banned
    }

    /// Has irqbalance leave the interrupts of quiet CPUs alone, and else what it left alone before.
    ///
    /// It takes what it is told at its next look, and moves nothing before; one that does not listen, or is gone, cannot be told.
    mutating func tellIrqbalance() {
        guard let banned = ledger.banned else { return }
        let wanted = banned.union(bans)
        if let irqbalance = Irqbalance(on: machine), irqbalance.banned != wanted {
            do throws(FileError) {
                try wanted.isEmpty
                    ? irqbalance.forget(on: machine, isUrgent: false)
                    : irqbalance.ban(wanted, on: machine, isUrgent: false)
            } catch { return }
        }
        if bans.isEmpty { ledger.banned = nil }
    }
}
