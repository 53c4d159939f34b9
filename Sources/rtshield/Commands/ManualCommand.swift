// SPDX-License-Identifier: Apache-2.0

import CommandTable
import ShieldKit

/// `rtshield manual`: prints the manual page.
enum ManualCommand {
    struct Arguments: Sendable {}

    static let description: Command = .init(
        "manual", "Print the manual page, for man(1) to show", Arguments(), isPlumbing: true,
        examples: [("rtshield manual | man -l -", "Read it")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        try Output.write(Program.table.manualPage)
        return Exit.done
    }
}
