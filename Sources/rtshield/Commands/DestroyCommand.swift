// SPDX-License-Identifier: Apache-2.0

import CommandTable
import ShieldKit
import Text

/// `rtshield destroy`: puts everything back.
enum DestroyCommand {
    struct Arguments: Sendable {}

    static let description = Command(
        "destroy", "Remove the shield and put everything back", Arguments(),
        details: [
            "Also undoes an interrupted create. Values that somebody else has changed since are left alone and named."
        ],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        guard let report = try Session.changing({ try $0.remove() }) else {
            throw Failure("there is no shield on this machine; nothing to undo", status: Exit.noShield)
        }
        guard report.unfinished.isEmpty else {
            throw Failure(
                Problem(
                    "the shield is removed, but not everything could be put back", why: "it is still in use",
                    fix: "stop what uses it, then run 'rtshield destroy' again",
                    details: report.unfinished.map { "left: \($0.path): \($0.why)" }))
        }
        try Output.write("The shield is removed; everything is as it was before.\n")
        return Exit.done
    }
}
