// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import CommandTable
import Engines
import MachineKit
import ShieldKit

/// `rtshield uninstall`: takes out of an engine's configuration what `install` added.
enum UninstallCommand {
    struct Arguments: Sendable {
        var engine = ""
        var isDryRun = false
        var root = "/"
    }

    static let description = Command(
        "uninstall", "Remove what install added to an engine", Arguments(),
        details: [
            "Everything else in the engine's configuration stays as it is, byte for byte; a file that 'rtshield install' "
                + "created is removed. No engine is restarted; the command that is left to run is printed."
        ],
        options: [
            .flag("dry-run", "n", \.isDryRun, "Print what would change, and change nothing"),
            .value("root", nil, "DIR", \.root, "Change the files below DIR", completion: .directory) { $0 },
        ],
        operands: .one("ENGINE", \.engine, completion: .oneOf(InstallCommand.engines)) { $0 },
        examples: [("rtshield uninstall docker", "Before the programs are removed")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        guard let engine = InstallableEngine(rawValue: arguments.engine) else {
            try Output.write("Nothing was written for Kubernetes.\nTo do: kubectl delete runtimeclass rtshield\n")
            return Exit.done
        }
        let files = EngineFiles(root: arguments.root)
        let setup: Setup
        do throws(SetupError) { setup = try engine.removing(from: files) } catch { throw Failure(error) }
        let view = SetupView(setup: setup, files: files, whenDone: "\(arguments.engine) is not set up for rtshield")
        return try view.perform(isDryRun: arguments.isDryRun)
    }
}
