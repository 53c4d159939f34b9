// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Grants
import MachineKit
import ShieldKit

/// `rtshield reconcile`: makes the machine match its shield again, once.
enum ReconcileCommand {
    struct Arguments: Sendable {
        var isDryRun = false
        var isJSON = false
    }

    static let description = Command(
        "reconcile", "Repair the shield and the grants once", Arguments(),
        details: [
            "Takes back the grants of containers that have ended, restores values that others changed, moves new "
                + "interrupts, narrows new kernel threads (they may run on all CPUs, whatever the mask of kthreadd is; from "
                + "Linux 7.2 on, not on isolated CPUs) and containers that started without requesting CPUs, and moves new "
                + "tasks of the root cgroup. 'rtshield watch' does the same whenever something changes."
        ],
        options: [
            .flag("dry-run", "n", \.isDryRun, "Print what would change, and change nothing"),
            .flag("json", nil, \.isJSON, "Print JSON"),
        ],
        examples: [("rtshield reconcile", "After hotplug, a new device or a daemon restart")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        if arguments.isDryRun {
            let shielding = try Session.reading()
            let gone = try GrantSession.gone(on: shielding.machine)
            for id in gone { Output.note("would take back the grant of container \(id), which has ended") }
            if shielding.current == nil, !gone.isEmpty { return Exit.done }
            return try PlanView(plan(shielding), shielding: shielding).print(asJSON: arguments.isJSON)
        }
        return try Session.changing { shielding throws(Failure) in
            if shielding.current == nil, try settleGrants(shielding) { return Exit.done }
            return try Creation(shielding).perform(plan(shielding), asJSON: arguments.isJSON)
        }
    }

    /// Without a shield only what containers were granted has to be looked after; false when nothing was.
    private static func settleGrants(_ shielding: ShieldOperations) throws(Failure) -> Bool {
        guard try !GrantSession.granting(on: shielding.machine).ledger.isSettled else { return false }
        for line in try GrantSession.settle(on: shielding.machine) { Output.note(line) }
        try Output.write("There is no shield; the grants of containers are in order.\n")
        return true
    }

    private static func plan(_ shielding: ShieldOperations) throws(Failure) -> Plan {
        guard let current = shielding.current else { throw Failure.noShield(status: Exit.noShield) }
        do throws(ShieldError) { return try shielding.plan(current.shield) } catch { throw Failure(error) }
    }
}
