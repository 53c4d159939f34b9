// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import CommandTable

/// `rtshield sweep`: takes off the shield what came since.
enum SweepCommand {
    struct Arguments: Sendable {
        var isJSON = false
    }

    static let description = Command(
        "sweep", "Take off the shield what came onto it since", Arguments(),
        details: [
            "Before Linux 7.2 new kernel threads may run on all CPUs whatever the mask of kthreadd is, and containers that ask "
                + "for no CPUs start on all of them. A sweep narrows both, and moves new tasks of the root group."
        ],
        options: [.flag("json", nil, \.isJSON, "Print JSON")],
        perform: perform)

    private static func perform(_ arguments: Arguments) throws(Failure) -> Int32 {
        try Session.changing { shielding throws(Failure) in
            guard let current = shielding.current else { throw Failure.noShield(status: Exit.noShield) }
            let plan: Plan
            do throws(ShieldingError) { plan = try shielding.plan(current.shield) } catch { throw Failure(error) }
            return try Creation(shielding).perform(plan, asJSON: arguments.isJSON)
        }
    }
}
