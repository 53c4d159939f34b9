// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit

/// CPUs that irqbalance is to leave alone.
package struct IrqbalanceBan: Hashable, Sendable, Codable {
    /// The CPUs that it leaves alone before.
    package var old: CPUSet
    package var new: CPUSet

    package init(old: CPUSet, new: CPUSet) {
        self.old = old
        self.new = new
    }

    /// All bans of some inverses as one: what was told last, and what was there first; nil when there is none.
    init?(all inverses: [Step]) {
        let bans = inverses.compactMap { if case .ban(let ban) = $0 { ban } else { nil } }
        guard let first = bans.first, let last = bans.last else { return nil }
        self.init(old: last.old, new: first.new)
    }

    package var inverse: IrqbalanceBan { IrqbalanceBan(old: new, new: old) }
}

/// Has irqbalance leave alone again what it left alone before rtshield told it otherwise.
struct IrqbalanceRestorer {
    let machine: any Machine
    let host: Host

    /// Tells it, and waits until it says so itself: it takes a new list when it looks at the interrupts the next time.
    ///
    /// - Parameters:
    ///   - ban: What it was told, and what it is to have: the inverse of all that it was told.
    ///   - report: Learns of what could not be given back.
    func lift(_ ban: IrqbalanceBan, _ report: inout UndoReport) {
        guard let irqbalance = Irqbalance(on: machine) else { return }
        // What it has before it took what it was told counts as rtshield's, too.
        guard [ban.old, ban.new].contains(irqbalance.banned) else {
            report.leave("irqbalance", why: "leaves CPUs '\(irqbalance.banned)' alone by now, which is not rtshield's")
            return
        }
        guard tell(irqbalance, ban), hasTaken(ban.new, within: irqbalance.interval) else {
            report.leave("irqbalance", why: "still leaves CPUs '\(ban.old)' alone; restart it")
            return
        }
    }

    private func tell(_ irqbalance: Irqbalance, _ ban: IrqbalanceBan) -> Bool {
        do throws(FileError) {
            if !ban.new.isEmpty {
                try irqbalance.ban(ban.new, on: machine)
            } else if irqbalance.wasStarted(banning: ban.old, on: machine) {
                // It would go back to its environment, which has the drop-in of the shield; there is no list of no CPUs.
                guard host.layout.hasSystemd else { return false }
                return try machine.run(["systemctl", "try-restart", "irqbalance.service"]).status == 0
            } else {
                try irqbalance.forget(on: machine)
            }
            return true
        } catch {
            return false
        }
    }

    private func hasTaken(_ cpus: CPUSet, within seconds: Int) -> Bool {
        // A pause is 50 ms.
        for _ in 0..<(seconds + 1) * 20 {
            // One that is being restarted does not answer.
            if Irqbalance(on: machine)?.banned == cpus { return true }
            machine.pause()
        }
        return Irqbalance(on: machine).map { $0.banned == cpus } ?? true
    }
}
