// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Linux
import MachineKit
import ShieldKit

/// `rtshield run`: starts a program in a partition, in place of itself.
enum RunCommand {
    struct Arguments: Sendable {
        var partition = Partition.processes
        var command: [String] = []
    }

    static let description = Command(
        "run", "Start a program on the shield", Arguments(),
        details: [
            "The program replaces rtshield, so the process id, the exit status and the signals are those of the program. "
                + "Exit status 125 means that rtshield failed, 126 that the program cannot be invoked, 127 that it was not "
                + "found."
        ],
        options: [
            .value("partition", "p", "NAME", \.partition, "Partition to start it in (default: user)") { $0 }
        ],
        operands: .passthrough("COMMAND", \.command),
        examples: [
            ("rtshield run -- cyclictest -m -p 95", "Measure on the shield"),
            ("rtshield run -p docker -- runc run c1", "Start a container there by hand"),
        ],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        do {
            let shielding = try Session.reading()
            guard let current = shielding.current else { throw Failure.noShield(status: Exit.runFailed) }
            guard let partition = current.shield.partition(arguments.partition) else {
                let names = current.shield.partitions.map(\.name).joined(separator: ", ")
                throw Failure(
                    "run: there is no partition '\(arguments.partition)'", try: "give one of: \(names)",
                    status: Exit.runFailed)
            }
            let program = try ProgramFile.find(arguments.command.first ?? "")
            try RunPlacement(shielding, current.shield).take(partition)
            return try replace(
                with: RunPlacement.prefix(shielding, partition) + [program] + arguments.command.dropFirst())
        } catch {
            var failure = Failure(describing: error)
            if failure.status < Exit.runFailed { failure.status = Exit.runFailed }
            throw failure
        }
    }

    private static func replace(with command: [String]) throws(Failure) -> Int32 {
        let errno = CurrentProcess.replace(with: command)
        let status = errno == .noSuchFileOrDirectory ? Exit.notFound : Exit.cannotInvoke
        throw Failure("run: cannot start '\(command[0])': \(errno)", status: status)
    }
}
