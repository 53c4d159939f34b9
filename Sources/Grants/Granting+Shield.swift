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
            return write(shield.housekeeping.description, grant)
        }
        // One that holds a pod together is kept off kubelet's CPUs, with or without a shield.
        guard let before = grant.formerCPUs else { return [] }
        let unmet = write(before, grant)
        grant.housekeeping = []
        grant.formerCPUs = nil
        if grant.isEmpty { ledger.remove(grant.id) } else { ledger.enter(grant) }
        return unmet
    }

    /// 6.1 and 6.12 take no empty list for a group with tasks (ENOSPC); all CPUs are the same in effect.
    private func write(_ cpus: String, _ grant: Grant) -> [UnmetRequest] {
        let file = grant.group.file(summary.layout.name("cpus"))
        let writer = UnitCPUs(machine: machine)
        do throws(FileError) {
            do throws(FileError) {
                try writer.write(cpus, to: file)
            } catch  where error.errno == .noSpace && cpus.isEmpty {
                try machine.write(summary.online.description, to: file)
                writer.keep(cpus, of: file)
            }
        } catch  where error.isAbsence {
            return []
        } catch {
            return [UnmetRequest(.cpus, error.description)]
        }
        return []
    }
}
