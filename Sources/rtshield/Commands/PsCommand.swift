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
                + "grant. A container that is kept off the shield requested no CPUs; its row lists the CPUs that it may use."
        ],
        options: [
            .flag("json", nil, \.isJSON, "Print JSON"),
            .value("sysroot", nil, "DIR", \.sysroot, "Read a recorded machine", completion: .directory) { $0 },
        ],
        examples: [("rtshield ps --json", "For programs")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        let machine = try Session.machine(arguments.sysroot)
        let grants = try Granting(of: machine).ledger.grants
        let rows = grants.map { GrantRow($0, isAlive: $0.isAlive(on: machine)) }
        try Output.render(GrantTable(rows: rows), as: OutputForm(isJSON: arguments.isJSON))
        return Exit.done
    }
}

extension GrantTable: Printable {
    func text(_ style: Style) -> String { text }

    func encode(to encoder: any Encoder) throws { try rows.encode(to: encoder) }
}
