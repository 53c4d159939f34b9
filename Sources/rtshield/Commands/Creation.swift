// SPDX-License-Identifier: Apache-2.0

import CgroupKit

/// Carries out a plan and tells what came of it.
struct Creation {
    private let shielding: Shielding

    init(_ shielding: Shielding) { self.shielding = shielding }

    func perform(_ plan: Plan, asJSON isJSON: Bool) throws(Failure) -> Int32 {
        let progress = Progress()
        let swept: SweepReport
        do throws(ShieldingError) {
            defer { progress.end() }
            swept = try shielding.perform(plan, progress: progress.show)
        } catch {
            throw Failure(error)
        }
        try CreationView(plan: plan, swept: swept, host: shielding.host).print(asJSON: isJSON)
        return Exit.done
    }
}
