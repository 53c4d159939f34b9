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
        } catch {
            let failure = Failure(describing: error)
            Output.complain(failure)
            return error is UsageError && words.first == "run" ? Exit.runFailed : failure.status
        }
    }
}

extension Program {
    /// What only the manual page tells.
    static let manual = Manual(
        description: [
            "rtshield keeps chosen CPUs free for real-time work: host processes, kernel threads and containers that "
                + "request no CPUs leave them, and containers that request them get them, whichever engine starts them.",
            "It works on cgroup v1, v2 and hybrid hosts, with and without systemd. Nothing is exclusive unless you "
                + "request it. Before each change its inverse is written to a journal, so that everything can be put back, "
                + "even after a crash.",
        ],
        exitStatus: [
            ("0", "Done"),
            ("1", "The system refused, and everything was put back"),
            ("2", "The command line was wrong, and nothing was changed"),
            ("3", "There is no shield"),
            ("4", "From check: there are warnings, and no errors; with errors it is 1"),
            ("125, 126, 127", "From run: rtshield failed, the program cannot be invoked, the program was not found"),
        ],
        files: [
            ("/run/rtshield/journal", "The inverse of each change; rtshield destroy applies them"),
            ("/run/rtshield/ledger", "The grants of running containers"),
            ("/etc/rtshield/config.yaml", "The configuration, for rtshield apply and the hook"),
            ("/run/rtshield/lock", "Locked while rtshield changes the machine"),
            ("/run/systemd/system/service.d/50-rtshield.conf", "The drop-in that narrows services on cgroup v2"),
        ],
        seeAlso: ["cpuset(7)", "cgroups(7)", "systemd.resource-control(5)", "runc(8)", "crun(1)"])
}
