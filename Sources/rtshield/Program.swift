// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Linux
import MachineKit
import ShieldKit

/// The program: its table of verbs, and the one place that prints errors and chooses the exit status.
enum Program {
    static let version = "0.1.0"

    static let table: CommandTable = .init(
        name: "rtshield", version: version, summary: "Shield CPUs for real-time work without breaking containers",
        commands: [
            CreateCommand.description, DestroyCommand.description, StatusCommand.description, RunCommand.description,
            ReconcileCommand.description, WatchCommand.description, ApplyCommand.description, ConfigCommand.description,
            CheckCommand.description, KargsCommand.description, ExplainCommand.description, PsCommand.description,
            InstallCommand.description, UninstallCommand.description, SnapshotCommand.description,
            HookCommand.description, CompletionCommand.description, ManualCommand.description,
        ],
        examples: [
            ("rtshield create --cpus 2-5", "Shield CPUs 2 to 5"),
            ("rtshield destroy", "Put everything back"),
        ],
        manual: manual)

    /// Performs a command line, without the program's own name.
    ///
    /// - Returns: The exit status.
    static func run(_ words: [String]) -> Int32 {
        do {
            // A container waits for it, and the table of all that there is to type takes as long as the rest.
            if words == [HookCommand.name] { return try HookCommand.run() }
            switch try table.parse(words) {
            case .help(let text): try Output.write(text)
            case .version(let line): try Output.write(line + "\n")
            case .command(let action): return try action()
            }
            return Exit.done
        } catch let error as UsageError {
            Output.complain(Failure(usage: error))
            return words.first == "run" ? Exit.runFailed : Exit.usage
        } catch let failure as Failure {
            Output.complain(failure)
            return failure.status
        } catch {
            Output.complain(Failure("\(error)", status: Exit.refused))
            return Exit.refused
        }
    }
}
