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
            "Makes the shield that the file describes, or changes the one there is; when it is as described, or "
                + "describes none, nothing happens. Removing the file removes no shield: 'rtshield destroy' does."
        ],
        options: [
            .value("config", "f", "FILE", \.path, "Another file than \(Configuration.path)", completion: .file) { $0 },
            .flag("dry-run", "n", \.isDryRun, "Print what would change, and change nothing"),
            .flag("json", nil, \.isJSON, "Print JSON"),
        ],
        examples: [("rtshield apply", "At boot, and after the file was changed")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        guard let request = try ConfigurationFile.read(arguments.path).shield else {
            // On a node of Kubernetes only containers are configured, and the service applies it at each boot.
            Output.note(
                "\(arguments.path) has no 'shield', so there is nothing to apply; what it says of containers counts as soon "
                    + "as the next one starts")
            return Exit.done
        }
        if arguments.isDryRun {
            let shielding = try Session.reading()
            return try PlanView(plan(request, shielding), shielding: shielding).print(asJSON: arguments.isJSON)
        }
        return try Session.changing { shielding throws(Failure) in
            let shielding = try Creation.finishInterrupted(shielding)
            return try Creation(shielding).perform(plan(request, shielding), asJSON: arguments.isJSON)
        }
    }

    private static func plan(_ request: ShieldRequest, _ shielding: ShieldOperations) throws(Failure) -> Plan {
        do throws(ShieldError) { return try shielding.plan(request) } catch { throw Failure(error) }
    }
}
