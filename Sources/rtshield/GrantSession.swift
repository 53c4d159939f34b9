// SPDX-License-Identifier: Apache-2.0

import ShieldKit
import CgroupKit
import Containers
import Grants
import MachineKit

/// How a verb gets at the grants of a machine.
enum GrantSession {
    /// Reads the grants; to change them the caller holds the machine's lock.
    static func granting(on machine: any Machine) throws(Failure) -> Granting {
        let summary: HostSummary
        do throws(HostError) { summary = try HostSummary(at: machine) } catch { throw Failure(.host(error)) }
        do throws(GrantError) { return try Granting(on: machine, summary: summary) } catch { throw Failure(error) }
    }

    /// The containers that are gone and still have something.
    static func gone(on machine: any Machine) throws(Failure) -> [String] {
        try granting(on: machine).ledger.grants.filter { !$0.isAlive(on: machine) }.map(\.id)
    }

    /// Takes back what containers had that are gone, and brings the rest in step with the shield as it is now.
    ///
    /// - Returns: What was done, one line each.
    static func settle(on machine: any Machine) throws(Failure) -> [String] {
        var granting = try granting(on: machine)
        guard !granting.ledger.isEmpty else { return [] }
        do throws(GrantError) {
            let dead = try granting.releaseDead().map { "took back what container \($0.id) had, which is gone" }
            return try dead + granting.followShield().map { "grants: \($0)" }
        } catch {
            throw Failure(error)
        }
    }
}

extension Failure {
    fileprivate init(_ error: GrantError) {
        switch error {
        case .denied, .refused, .gone:
            self.init(error.description, status: Exit.refused)
        case .unreadable, .damaged:
            self.init(
                error.description, why: "nothing is granted or taken back without the ledger",
                try: "if it is damaged, end the containers that have grants, and remove it", status: Exit.refused)
        }
    }
}
