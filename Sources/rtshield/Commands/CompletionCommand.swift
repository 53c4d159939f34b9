// SPDX-License-Identifier: Apache-2.0

import CommandTable
import ShieldKit

/// `rtshield completion`: prints what makes a shell complete rtshield's command line.
enum CompletionCommand {
    struct Arguments: Sendable {
        var shell = Shell.bash
    }

    static let description: Command = .init(
        "completion", "Print the completion script for a shell", Arguments(), isPlumbing: true,
        operands: .one("SHELL", \.shell, completion: .oneOf(Shell.allCases.map(\.rawValue))) { word in
            guard let shell = Shell(rawValue: word) else { throw UsageError("unknown shell '\(word)'") }
            return shell
        },
        examples: [("source <(rtshield completion bash)", "Complete in this shell")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        try Output.write(Program.table.completion(for: arguments.shell))
        return Exit.done
    }
}

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
