// SPDX-License-Identifier: Apache-2.0

import Grants
import MachineKit
import ShieldKit

/// What verbs and the watch do to a machine while they hold its lock: the shield first, then the grants of containers with it.
extension ShieldOperations {
    /// Decides what a request comes to, and tells which cores were chosen.
    func decide(_ request: ShieldRequest) throws(ShieldError) -> Plan {
        let plan = try plan(request)
        if let cores = plan.cores {
            Output.note("chose CPUs \(plan.shield.cpus): \(cores.reasons.joined(separator: "; "))")
        }
        return plan
    }

    /// Carries out a plan, and brings the grants in step.
    func create(_ plan: Plan) throws -> CreationReport {
        let progress = Progress()
        let report: ApplyReport
        do {
            defer { progress.end() }
            report = try perform(plan, progress: progress.show)
        }
        try settleGrants()
        return CreationReport(plan: plan, report: report, shielding: self)
    }

    /// Undoes what the journal tells, names what is not rtshield's any more, and brings the grants in step.
    ///
    /// - Returns: nil when there is nothing to undo.
    func remove() throws -> UndoReport? {
        let report = try destroy()
        try settleGrants()
        for leftover in report?.foreign ?? [] { Output.note("left alone: \(leftover.path): \(leftover.why)") }
        return report
    }

    /// Undoes what an interrupted run left, so that a new one starts from the original machine.
    ///
    /// - Returns: The machine as it is then.
    func withoutInterruption() throws -> ShieldOperations {
        guard isInterrupted else { return self }
        Output.note("an earlier run was interrupted; undoing its changes first")
        _ = try remove()
        return try ShieldOperations(machine)
    }

    /// What makes the machine match its shield again; nil without one.
    func planRepair() throws(ShieldError) -> Plan? {
        guard let current else { return nil }
        return try plan(current.shield)
    }

    /// Brings the grants in step with the current shield, and tells what was done.
    func settleGrants(_ note: (String) -> Void = Output.note) throws {
        var granting = try Granting(of: machine)
        for line in try granting.settle() { note(line) }
    }
}

extension Granting {
    /// Reads the grants of a machine; to change them the caller holds the machine's lock.
    init(of machine: any Machine) throws { try self.init(on: machine, summary: try HostSummary(at: machine)) }

    /// The containers that have ended and still have a grant.
    var ended: [String] { ledger.grants.filter { !$0.isAlive(on: machine) }.map(\.id) }

    /// Takes back the grants of containers that have ended, and brings the rest in step with the current shield.
    ///
    /// - Returns: What was done, one line each.
    mutating func settle() throws -> [String] {
        guard !ledger.isEmpty else { return [] }
        let dead = try releaseDead().map { "took back the grant of container \($0.id), which has ended" }
        return try dead + followShield().map { "grants: \($0)" }
    }
}
