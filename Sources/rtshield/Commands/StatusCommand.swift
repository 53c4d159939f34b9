// SPDX-License-Identifier: Apache-2.0

import CommandTable
import MachineKit
import Reports
import ShieldKit

/// `rtshield status`: draws the machine and its shield.
enum StatusCommand {
    struct Arguments: Sendable {
        var isJSON = false
        var isQuiet = false
        var sysroot = "/"
    }

    static let description = Command(
        "status", "Show the CPUs, who may use them, and what disturbs them", Arguments(),
        details: [
            "Draws one column per CPU and one row per partition, then how many tasks may run on each CPU (threads that "
                + "only the kernel may move are not counted) and how many interrupts go there. Below are the tasks and "
                + "interrupts that cannot leave the shield, with the reason, and those that could, with advice.",
            "The exit status is 0 with a shield, 3 without one, and 1 when making it was interrupted.",
        ],
        options: [
            .flag("json", nil, \.isJSON, "Print JSON"),
            .flag("quiet", "q", \.isQuiet, "Print only the list of shielded CPUs"),
            .value("sysroot", nil, "DIR", \.sysroot, "Read a recorded machine", completion: .directory) { $0 },
        ],
        examples: [
            ("rtshield status", "Show the machine"),
            ("taskset -c $(rtshield status -q) CMD", "Use the shielded CPUs in a script"),
        ],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        if arguments.isJSON, arguments.isQuiet { throw UsageError("--json and --quiet are mutually exclusive") }
        let shielding = try Session.reading(arguments.sysroot)
        let report = ShieldReport(of: shielding.machine, host: shielding.host, journal: shielding.journal)
        try Output.render(report, as: OutputForm(isJSON: arguments.isJSON, isQuiet: arguments.isQuiet))
        return report.exitStatus
    }
}
