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
        "ps", "List the containers that were granted something", Arguments(),
        details: [
            "A row a container: its CPUs and those that interrupts leave, its scheduling, and what else it has. One whose "
                + "first process is gone is 'gone'; 'rtshield reconcile' takes back what it had. One that is "
                + "kept off the shield asked for no CPUs; the CPUs are then those that it is kept on."
        ],
        options: [
            .flag("json", nil, \.isJSON, "Print JSON"),
            .value("sysroot", nil, "DIR", \.sysroot, "Look at a recorded machine", completion: .directory) { $0 },
        ],
        examples: [("rtshield ps --json", "The same for programs")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        let machine = try Session.machine(arguments.sysroot)
        let grants = try GrantSession.granting(on: machine).ledger.grants
        let rows = grants.map { GrantRow($0, isAlive: $0.isAlive(on: machine)) }
        if arguments.isJSON {
            try Output.write(json: rows)
        } else {
            try Output.write(GrantTable(rows: rows).text)
        }
        return Exit.done
    }
}
