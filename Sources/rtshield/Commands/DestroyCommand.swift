// SPDX-License-Identifier: Apache-2.0

import CommandTable
import ShieldKit

/// `rtshield destroy`: puts everything back.
enum DestroyCommand {
    struct Arguments: Sendable {}

    static let description = Command(
        "destroy", "Remove the shield and put everything back", Arguments(),
        details: [
            "Also undoes an interrupted create. Values that somebody else has changed since are left alone and named."
        ],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        guard let report = try Session.changing(destroy) else {
            throw Failure("there is no shield on this machine; nothing to undo", status: Exit.noShield)
        }
        guard report.unfinished.isEmpty else {
            var failure = Failure(
                "the shield is removed, but not everything could be put back", why: "it is still in use",
                try: "stop what uses it, then run 'rtshield destroy' again", status: Exit.refused)
            failure.details = report.unfinished.map { "left: \($0.path): \($0.why)" }
            throw failure
        }
        try Output.write("The shield is removed; everything is as it was before.\n")
        return Exit.done
    }

    /// Undoes what the journal tells, and names what is not rtshield's any more.
    static func destroy(_ shielding: ShieldOperations) throws(Failure) -> UndoReport? {
        let report: UndoReport?
        do throws(ShieldError) { report = try shielding.destroy() } catch { throw Failure(error) }
        for line in try GrantSession.settle(on: shielding.machine) { Output.note(line) }
        for leftover in report?.foreign ?? [] { Output.note("left alone: \(leftover.path): \(leftover.why)") }
        return report
    }
}
