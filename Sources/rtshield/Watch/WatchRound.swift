// SPDX-License-Identifier: Apache-2.0

import Linux
import ShieldKit

/// One look at the machine after another, and what is remembered from each to the next.
struct WatchRound: ~Copyable {
    private(set) var status = ""
    /// The last complaint: the same one is not repeated at each look.
    private var complaint: Failure?
    private var latency: LatencyRequest?

    init() {}

    /// Repairs what no longer holds.
    ///
    /// - Parameter watch: Is told what to listen to from now on; called before the look, so that nothing is missed.
    mutating func repair(_ watch: (WatchedPaths) -> Void) {
        do throws(Failure) {
            let shield = try Session.changing { shielding throws(Failure) -> Shield? in
                watch(WatchedPaths(of: shielding))
                return try Self.repair(shielding)
            }
            status = shield.map { "CPUs \($0.cpus) are shielded" } ?? "there is no shield"
            hold(shield?.attributes.contains(.dmaLatency) ?? false)
            complaint = nil
        } catch {
            status = error.what
            if complaint != error { Output.complain(error) }
            complaint = error
        }
    }

    private static func settleGrants(_ shielding: ShieldOperations) {
        do throws(Failure) {
            for line in try GrantSession.settle(on: shielding.machine) { Output.note(line) }
        } catch {
            Output.complain(error)
        }
    }

    private static func repair(_ shielding: ShieldOperations) throws(Failure) -> Shield? {
        if shielding.isInterrupted {
            throw Failure(
                "making the shield was interrupted", try: "run 'rtshield destroy' or 'rtshield create'",
                status: Exit.refused)
        }
        defer { settleGrants(shielding) }
        guard let current = shielding.current else { return nil }
        do throws(ShieldError) {
            let plan = try shielding.plan(current.shield)
            let report = try shielding.perform(plan)
            for line in RepairLog(plan: plan, report: report, machine: shielding.machine).lines {
                Output.note(line)
            }
        } catch {
            throw Failure(error)
        }
        return current.shield
    }

    private mutating func hold(_ isWanted: Bool) {
        if !isWanted {
            latency = nil
        } else if latency == nil {
            do throws(Errno) { latency = try LatencyRequest() } catch {
                Output.note("cannot keep /dev/cpu_dma_latency open: \(error)")
            }
        }
    }
}
