// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Grants
import MachineKit
import ShieldKit

/// `rtshield ps`: lists what containers were granted.
enum PsCommand {
    struct Arguments: Sendable {
        var isJSON = false
        var sysroot = "/"
    }

    static let description = Command(
        "ps", "List the containers that have grants", Arguments(),
        details: [
            "Prints one row per container: its CPUs, the CPUs that interrupts leave, its scheduling, and its other "
                + "grants. 'gone' marks a container whose first process has ended; 'rtshield reconcile' takes back its "
                + "grant. A container that is kept off the shield requested no CPUs; its row lists the CPUs that it may "
                + "use."
        ],
        options: [
            .flag("json", nil, \.isJSON, "Print JSON"),
            .value("sysroot", nil, "DIR", \.sysroot, "Read a recorded machine", completion: .directory) { $0 },
        ],
        examples: [("rtshield ps --json", "For programs")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        let machine = try Session.machine(arguments.sysroot)
        let granting = try GrantSession.granting(on: machine)
        let rows = granting.ledger.grants.map { GrantRow($0, isAlive: granting.isAlive($0)) }
        if arguments.isJSON {
            try Output.write(json: rows)
        } else {
            try Output.write(GrantTable(rows: rows).text)
        }
        return Exit.done
    }
}
