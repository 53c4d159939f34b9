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

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        let form = OutputForm(isJSON: arguments.isJSON)
        if arguments.isDryRun {
            let shielding = try Session.reading()
            let ended = try Granting(of: shielding.machine).ended
            for id in ended { Output.note("would take back the grant of container \(id), which has ended") }
            if shielding.current == nil, !ended.isEmpty { return Exit.done }
            try Output.render(PlanReport(try plan(shielding), shielding: shielding), as: form)
            return Exit.done
        }
        return try Session.changing { shielding in
            // Without a shield only the grants of containers have to be looked after.
            if shielding.current == nil, try !Granting(of: shielding.machine).ledger.isEmpty {
                try shielding.settleGrants()
                try Output.write("There is no shield; the grants of containers are in order.\n")
            } else {
                try Output.render(try shielding.create(try plan(shielding)), as: form)
            }
            return Exit.done
        }
    }

    private static func plan(_ shielding: ShieldOperations) throws -> Plan {
        guard let plan = try shielding.planRepair() else { throw Failure.noShield(status: Exit.noShield) }
        return plan
    }
}
