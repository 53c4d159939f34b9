// SPDX-License-Identifier: Apache-2.0

import ShieldKit

/// Carries out a plan and tells what came of it.
struct Creation {
    private let shielding: ShieldOperations

    init(_ shielding: ShieldOperations) { self.shielding = shielding }

    func perform(_ plan: Plan, asJSON isJSON: Bool) throws(Failure) -> Int32 {
        let progress = Progress()
        let report: ApplyReport
        do throws(ShieldError) {
            defer { progress.end() }
            report = try shielding.perform(plan, progress: progress.show)
        } catch {
            throw Failure(error)
        }
        for line in try GrantSession.settle(on: shielding.machine) { Output.note(line) }
        try CreationView(plan: plan, report: report, shielding: shielding).print(asJSON: isJSON)
        return Exit.done
    }

    /// Puts back what an interrupted run left, so that a new one starts from the original machine.
    static func finishInterrupted(_ shielding: ShieldOperations) throws(Failure) -> ShieldOperations {
        guard shielding.isInterrupted else { return shielding }
        Output.note("an earlier run was interrupted; undoing its changes first")
        _ = try DestroyCommand.destroy(shielding)
        return try Session.observe(shielding.machine)
    }
}
