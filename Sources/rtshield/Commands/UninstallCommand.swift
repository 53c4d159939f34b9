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
        "uninstall", "Take out of an engine what install added", Arguments(),
        details: [
            "All else of the engine's configuration stays as it is, byte for byte; a file that 'rtshield install' made goes. No engine "
                + "is restarted: the one command that is left to do is printed."
        ],
        options: [
            .flag("dry-run", "n", \.isDryRun, "Print what would change, and change nothing"),
            .value("root", nil, "DIR", \.root, "The files are below DIR", completion: .directory) { $0 },
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
        let view = SetupView(setup: setup, files: files, whenDone: "\(arguments.engine) does not know rtshield")
        return try view.perform(isDryRun: arguments.isDryRun)
    }
}
