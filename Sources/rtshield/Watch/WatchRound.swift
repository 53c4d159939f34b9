// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit
import ShieldKit

/// One look at the machine after another, and what is remembered from each to the next.
struct WatchRound: ~Copyable {
    private(set) var status = ""
    /// The last complaint: the same one is not repeated at each look.
    private var complaint: Failure?
    private var latency: LatencyRequest?

    private let open: () throws -> any Machine
    private let note: (String) -> Void
    private let complain: (Failure) -> Void

    /// - Parameters:
    ///   - open: Opens the machine, anew at each look.
    ///   - note: Is told what was repaired.
    ///   - complain: Is told what did not work.
    init(
        open: @escaping () throws -> any Machine = Session.changeable,
        note: @escaping (String) -> Void = Output.note, complain: @escaping (Failure) -> Void = Output.complain
    ) {
        self.open = open
        self.note = note
        self.complain = complain
    }

    /// Repairs what no longer holds.
    ///
    /// - Parameter watch: Is told what to listen to from now on; called before the look, so that nothing is missed.
    mutating func repair(_ watch: (WatchedPaths) -> Void) {
        do {
            let shield = try Session.changing(try open()) { shielding -> Shield? in
                watch(WatchedPaths(of: shielding))
                return try self.repair(shielding)
            }
            status = shield.map { "CPUs \($0.cpus) are shielded" } ?? "there is no shield"
            hold(shield?.attributes.contains(.dmaLatency) ?? false)
            complaint = nil
        } catch {
            let failure = Failure(describing: error)
            status = failure.what
            if complaint != failure { complain(failure) }
            complaint = failure
        }
    }

    private func repair(_ shielding: ShieldOperations) throws -> Shield? {
        if shielding.isInterrupted {
            throw Failure(
                "making the shield was interrupted", try: "run 'rtshield destroy' or 'rtshield create'",
                status: Exit.refused)
        }
        defer { settleGrants(shielding) }
        guard let plan = try shielding.planRepair() else { return nil }
        let report = try shielding.perform(plan)
        for line in RepairLog(plan: plan, report: report, machine: shielding.machine).lines { note(line) }
        return plan.shield
    }

    /// What is wrong with the grants does not keep the shield from being repaired.
    private func settleGrants(_ shielding: ShieldOperations) {
        do { try shielding.settleGrants(note) } catch { complain(Failure(describing: error)) }
    }

    private mutating func hold(_ isWanted: Bool) {
        if !isWanted {
            latency = nil
        } else if latency == nil {
            do throws(Errno) { latency = try LatencyRequest() } catch {
                note("cannot keep /dev/cpu_dma_latency open: \(error)")
            }
        }
    }
}

/// Keeps every CPU out of idle states that take long to leave, as long as it is held.
///
/// The kernel forgets the request when the file is closed (`/dev/cpu_dma_latency`, Documentation/power/pm_qos_interface.rst).
struct LatencyRequest: ~Copyable {
    private let descriptor: FileDescriptor

    init() throws(Errno) {
        let descriptor = try FileDescriptor.open("/dev/cpu_dma_latency", .writing)
        // A 32-bit number of microseconds.
        try descriptor.write([0, 0, 0, 0].span)
        self.descriptor = descriptor
    }
}
