// SPDX-License-Identifier: Apache-2.0

import Engines
import MachineKit
import ShieldKit
import Text

/// What `install` and `uninstall` answer: what was done to an engine's files, or would be, and what is left to do.
struct SetupReport: Printable {
    struct Change: Encodable {
        var path: String
        var deed: String
        /// The lines that go and come; nil once it is done.
        var difference: String?
    }

    var changes: [Change]
    /// The one command that is left to do.
    var command: String?
    var remarks: [String]
    /// What is true when nothing is to change.
    var whenDone: String

    init(_ setup: Setup, files: EngineFiles, isDryRun: Bool, whenDone: String) {
        changes = setup.changes.map { change in
            Change(
                path: files.location(of: change.path), deed: change.deed,
                difference: isDryRun ? LineDifference(change.old, change.new).text : nil)
        }
        command = setup.command
        remarks = setup.remarks
        self.whenDone = whenDone
    }

    func text(_ style: Style) -> String {
        guard !changes.isEmpty else { return "Nothing to do: \(whenDone).\n" }
        let told = changes.map { change in
            let path = change.path.safeToPrint
            return change.difference.map { "\(path) would be \(change.deed):\n\($0)" }
                ?? "\(path) was \(change.deed).\n"
        }
        let left = (command.map { ["To do: \($0)"] } ?? []) + remarks.map { "Note: \($0)" }
        return told.joined() + left.map { $0 + "\n" }.joined()
    }
}

/// How a text becomes another: the lines that go and come, with those around them.
struct LineDifference {
    /// The lines, each behind `+`, `-` or a blank, where something changes.
    let text: String
    /// How many lines are shown around a change.
    private static let context = 2

    /// Compares two texts; nil is one that is not there.
    init(_ old: String?, _ new: String?) {
        let lines = Self.compared(Self.lines(of: old), Self.lines(of: new))
        let changed = lines.indices.filter { lines[$0].mark != " " }
        let shown = lines.indices.filter { index in changed.contains { abs($0 - index) <= Self.context } }
        var text = ""
        for (place, index) in shown.enumerated() {
            if place > 0, shown[place - 1] != index - 1 { text += "  …\n" }
            let line = lines[index]
            text += line.text.isEmpty ? "  \(line.mark)\n" : "  \(line.mark) \(line.text.safeToPrint)\n"
        }
        self.text = text
    }

    private struct Line {
        var mark: Character
        var text: String
    }

    /// All lines of both, in their order.
    private static func compared(_ old: [String], _ new: [String]) -> [Line] {
        let difference = new.difference(from: old)
        let removals = Set(difference.removals.map(\.offset))
        let insertions = Set(difference.insertions.map(\.offset))
        var lines: [Line] = []
        var (before, after) = (0, 0)
        while before < old.count || after < new.count {
            if removals.contains(before) {
                lines.append(Line(mark: "-", text: old[before]))
                before += 1
            } else if insertions.contains(after) {
                lines.append(Line(mark: "+", text: new[after]))
                after += 1
            } else {
                lines.append(Line(mark: " ", text: old[before]))
                (before, after) = (before + 1, after + 1)
            }
        }
        return lines
    }

    private static func lines(of text: String?) -> [String] {
        guard let text, !text.isEmpty else { return [] }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return lines.last == "" ? lines.dropLast() : lines
    }
}

extension CollectionDifference.Change {
    fileprivate var offset: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }
}
