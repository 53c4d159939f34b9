// SPDX-License-Identifier: Apache-2.0

import Grants
import MachineKit
import ShieldKit

extension Granting {
    /// Reads the grants of a machine; to change them the caller holds the machine's lock.
    init(of machine: any Machine) throws { try self.init(on: machine, summary: try HostSummary(at: machine)) }

    /// The containers that have ended and still have a grant.
    var ended: [String] { ledger.grants.filter { !isAlive($0) }.map(\.id) }

    /// Takes back the grants of containers that have ended, and brings the rest in step with the current shield.
    ///
    /// - Returns: What was done, one line each.
    mutating func settle() throws -> [String] {
        guard !ledger.isSettled else { return [] }
        let dead = try releaseDead().map { "took back the grant of container \($0.id), which has ended" }
        return try dead + followShield().map { "grants: \($0)" }
    }
}
