// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Configuration
import Reports
import ShieldKit
import Text

/// `rtshield config check`: says whether a configuration file is right, and where it is not.
enum ConfigCommand {
    struct Arguments: Sendable {
        var path = Configuration.path
    }

    static let description = Command(
        "config", "Check a configuration file", Arguments(),
        details: [
            "Reports the line and column of every mistake, including unknown keys, and whether this machine has the CPUs "
                + "that the file requests. Changes nothing."
        ],
        operands: .one("FILE", after: ["check"], \.path, required: false, completion: .file) { $0 },
        examples: [("rtshield config check /etc/rtshield/config.yaml", "Before 'rtshield apply'")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        guard let request = try ConfigurationFile.read(arguments.path).shield else {
            try Output.write("\(arguments.path) is valid: it describes no shield.\n")
            return Exit.done
        }
        let shielding = try Session.reading()
        let shield: Shield
        do throws(ShieldRequestError) {
            shield = try Shield(request, on: shielding.host)
        } catch {
            let line = error.problem(in: .configuration).line
            throw Failure(
                "\(arguments.path): this shield is not possible on this machine: \(line)", status: Exit.usage)
        }
        for warning in ShieldWarnings(shield, on: shielding).texts { Output.note("warning: \(warning)") }
        try Output.write("\(arguments.path) is valid: it shields CPUs \(shield.cpus) of this machine.\n")
        return Exit.done
    }
}
