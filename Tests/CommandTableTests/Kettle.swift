// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Synchronization

/// A fictitious tool whose table has one of everything.
///
/// Its commands only note what they were told.
final class Kettle: Sendable {
    private let notes = Mutex("")

    /// Runs a command line to its end and returns what the command noted.
    func told(_ words: [String]) throws -> String {
        guard case .command(let action) = try table.parse(words) else { return "(no command)" }
        _ = try action()
        return notes.withLock { $0 }
    }

    private func note(_ text: String) -> Int32 {
        notes.withLock { $0 = text }
        return 0
    }

    var table: CommandTable {
        CommandTable(
            name: "kettle", version: "1.2", summary: "Boil water, and run programs meanwhile",
            commands: [boil, run, snapshot, completion, status],
            examples: [("kettle boil --water 2", "boil two litres")],
            manual: Manual(
                description: ["Water boils at 100 °C.", ".hidden files and 'quoted' C:\\paths stay text."],
                exitStatus: [("0", "The water boils"), ("2", "Bad usage")],
                files: [("/etc/kettle.conf", "How much water is too much")], seeAlso: ["tea(1)", "cup(5)"]))
    }

    private var boil: Command {
        Command(
            "boil", "Boil water", Boil(), details: ["Adds what is to be added, in the order given."],
            options: [
                .value("water", "w", "LITRES", \.water, "How much, such as 2 [never: 0]", required: true) {
                    try Litres(parsing: $0)
                },
                .value("style", nil, "STYLE", \.style, "How fast it's done", completion: .oneOf(["fast", "gentle"])) {
                    $0
                },
                .values("add", "a", "NAME", \.additions, "What to put in") { $0 },
                .value("log", nil, "FILE", \.log, "Where to write it down", completion: .file) { $0 },
                .flag(
                    "dry-run", "n", \.dryRun,
                    "Print what would be boiled, how fast and with what in it, but do not boil anything"),
            ],
            examples: [
                ("kettle boil --water 2 --dry-run", "boil nothing yet"),
                ("kettle boil --water 2 --style gentle --add tea --add milk", "a whole breakfast"),
            ]
        ) { self.note("\($0.water) \($0.style) \($0.additions) \($0.log ?? "-") \($0.dryRun)") }
    }

    private var run: Command {
        Command(
            "run", "Run a program until the water boils", Run(),
            options: [
                .value("cup", "c", "SIZE", \.cup, "Cup to fill", completion: .oneOf(["small", "large"])) { $0 }
            ],
            operands: .passthrough("COMMAND", \.words)
        ) { self.note("\($0.cup) \($0.words)") }
    }

    private var snapshot: Command {
        Command(
            "snapshot", "Keep the temperature in a directory", "", options: [],
            operands: .one("DIR", \.self, completion: .directory) { try nonEmpty($0) }
        ) { self.note($0) }
    }

    private var completion: Command {
        Command(
            "completion", "Print a completion script", "bash",
            operands: .one("SHELL", \.self, required: false, completion: .oneOf(["bash", "zsh", "fish"])) { $0 }
        ) { self.note($0) }
    }

    private var status: Command {
        Command("status", "Show the temperature", Status(), options: [.flag("json", nil, \.json, "For programs")]) {
            if $0.json { throw UsageError("no temperature is JSON") }
            return self.note("cold")
        }
    }
}

private struct Boil {
    var water = Litres(amount: 0)
    var style = "fast"
    var additions: [String] = []
    var log: String?
    var dryRun = false
}

private struct Run {
    var cup = "small"
    var words: [String] = []
}

private struct Status {
    var json = false
}

struct Litres: CustomStringConvertible {
    var amount: Int
    var description: String { "\(amount) l" }

    init(amount: Int) { self.amount = amount }

    init(parsing text: String) throws(Complaint) {
        guard let amount = Int(text) else { throw Complaint(description: "'\(text)' is no amount") }
        self.amount = amount
    }
}

struct Complaint: Error, CustomStringConvertible {
    var description: String
}

private func nonEmpty(_ text: String) throws(Complaint) -> String {
    if text.isEmpty { throw Complaint(description: "the path is empty") }
    return text
}
