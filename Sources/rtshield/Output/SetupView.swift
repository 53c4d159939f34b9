// SPDX-License-Identifier: Apache-2.0

import Engines
import MachineKit
import ShieldKit

/// Makes the changes to an engine's files, or prints them, and says what is left to do.
struct SetupView {
    let setup: Setup
    let files: EngineFiles
    /// What is true when nothing is to change.
    let whenDone: String

    func perform(isDryRun: Bool) throws(Failure) -> Int32 {
        guard !setup.changes.isEmpty else {
            try Output.write("Nothing to do: \(whenDone).\n")
            return Exit.done
        }
        for change in setup.changes {
            let path = files.location(of: change.path).safeToPrint
            if isDryRun {
                try Output.write("\(path) would be \(change.deed):\n\(LineDifference(change.old, change.new).text)")
                continue
            }
            do throws(SetupError) { try files.perform(change) } catch { throw Failure(error) }
            try Output.write("\(path) was \(change.deed).\n")
        }
        try Output.write(left)
        return Exit.done
    }

    /// What is left to do, and to know.
    private var left: String {
        let lines = (setup.command.map { ["To do: \($0)"] } ?? []) + setup.remarks.map { "Note: \($0)" }
        return lines.map { $0 + "\n" }.joined()
    }
}

extension FileChange {
    fileprivate var deed: String {
        if new == nil { return "removed" }
        return old == nil ? "created" : "changed"
    }
}

extension Failure {
    init(_ error: SetupError) {
        self.init(
            error.what.safeToPrint, why: error.why?.safeToPrint, try: error.advice?.safeToPrint, status: Exit.refused)
    }
}
