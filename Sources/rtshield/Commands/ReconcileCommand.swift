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
        "reconcile", "Repair once what no longer holds", Arguments(),
        details: [
            "Takes back what containers had that are gone, writes again what others changed, moves interrupts that appeared, narrows kernel threads that were born on all CPUs "
                + "(they are, whatever the mask of kthreadd is; from Linux 7.2 on isolated CPUs are left out) and containers "
                + "that started without asking for CPUs, and moves new tasks of the root group. 'rtshield watch' does the same whenever something changes."
        ],
        options: [
            .flag("dry-run", "n", \.isDryRun, "Print what would change, and change nothing"),
            .flag("json", nil, \.isJSON, "Print JSON"),
        ],
        examples: [("rtshield reconcile", "After hotplug, a new device or a daemon that was restarted")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        if arguments.isDryRun {
            let shielding = try Session.reading()
            let gone = try GrantSession.gone(on: shielding.machine)
            for id in gone { Output.note("would take back what container \(id) had, which is gone") }
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
        guard try !GrantSession.granting(on: shielding.machine).ledger.isEmpty else { return false }
        for line in try GrantSession.settle(on: shielding.machine) { Output.note(line) }
        try Output.write("There is no shield; the grants of containers are in order.\n")
        return true
    }

    private static func plan(_ shielding: ShieldOperations) throws(Failure) -> Plan {
        guard let current = shielding.current else { throw Failure.noShield(status: Exit.noShield) }
        do throws(ShieldError) { return try shielding.plan(current.shield) } catch { throw Failure(error) }
    }
}
