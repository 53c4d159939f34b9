// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
internal import Linux
import MachineKit
import ShieldKit

extension Granting {
    /// Brings everything in step with a shield that was made, changed or removed.
    ///
    /// - Returns: What could not be brought in step.
    /// - Throws: ``GrantError`` when the ledger cannot be written.
    package mutating func followShield() throws(GrantError) -> [UnmetRequest] {
        var unmet: [UnmetRequest] = []
        for grant in ledger.grants where !grant.housekeeping.isEmpty { unmet += follow(grant) }
        return try unmet + reconcile()
    }

    /// Keeps a container off the shield that there is now, or gives it back what it had.
    private mutating func follow(_ grant: Grant) -> [UnmetRequest] {
        var grant = grant
        if let shield = summary.openShield {
            guard shield.housekeeping != grant.housekeeping else { return [] }
            grant.housekeeping = shield.housekeeping
            ledger.enter(grant)
            return write(.cpus(shield.housekeeping), grant)
        }
        // One that holds a pod together is kept off kubelet's CPUs, with or without a shield.
        guard let before = grant.formerCPUs else { return [] }
        let unmet = write(ControlFile.cpus(of: grant.group).value(in: before) ?? .cpus([]), grant)
        grant.housekeeping = []
        grant.formerCPUs = nil
        if grant.isEmpty { ledger.remove(grant.id) } else { ledger.enter(grant) }
        return unmet
    }

    private func write(_ cpus: ControlValue, _ grant: Grant) -> [UnmetRequest] {
        let write = Write(.cpus(of: grant.group), old: .cpus(grant.housekeeping), new: cpus, why: "")
        guard case .refused(let error) = FileApplier(machine: machine).apply(write), !error.isAbsence else { return [] }
        return [UnmetRequest(.cpus, error.description)]
    }
}
