// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Configuration
import MachineKit
import ShieldKit

/// `rtshield apply`: makes the machine match its configuration.
enum ApplyCommand {
    struct Arguments: Sendable {
        var path = Configuration.path
        var isDryRun = false
        var isJSON = false
    }

    static let description = Command(
        "apply", "Make the machine match its configuration", Arguments(),
        details: [
            "Makes the shield that the file describes, or changes the existing one. If the machine matches the file "
                + "already, or the file describes no shield, nothing changes. Removing the file does not remove the shield; "
                + "'rtshield destroy' does."
        ],
        options: [
            .value("config", "f", "FILE", \.path, "Read FILE instead of \(Configuration.path)", completion: .file) {
                $0
            },
            .flag("dry-run", "n", \.isDryRun, "Print what would change, and change nothing"),
            .flag("json", nil, \.isJSON, "Print JSON"),
        ],
        examples: [("rtshield apply", "At boot, and after a change of the file")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        guard let request = try ConfigurationFile.read(arguments.path).shield else {
            // On a node of Kubernetes only containers are configured, and the service applies it at each boot.
            Output.note(
                "\(arguments.path) has no 'shield', so there is nothing to apply; its settings for containers take "
                    + "effect when the next container starts")
            return Exit.done
        }
        let form = OutputForm(isJSON: arguments.isJSON)
        do {
            if arguments.isDryRun {
                let shielding = try Session.reading()
                try Output.render(PlanReport(try shielding.decide(request), shielding: shielding), as: form)
            } else {
                try Session.changing { shielding in
                    let shielding = try shielding.withoutInterruption()
                    try Output.render(try shielding.create(try shielding.decide(request)), as: form)
                }
            }
        } catch let error as ShieldError {
            throw Failure(error, in: .configuration)
        }
        return Exit.done
    }
}
