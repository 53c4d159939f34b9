// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import Containers
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
        for grant in ledger.grants where !grant.narrowedTo.isEmpty { unmet += follow(grant) }
        return try unmet + settle()
    }

    /// Keeps a container off the shield that there is now, or gives it back what it had.
    private mutating func follow(_ grant: Grant) -> [UnmetRequest] {
        var grant = grant
        if let shield = summary.openShield {
            guard shield.housekeeping != grant.narrowedTo else { return [] }
            grant.narrowedTo = shield.housekeeping
            ledger.enter(grant)
            return write(.cpus(shield.housekeeping), grant)
        }
        // One that holds a pod together is kept off kubelet's CPUs, with or without a shield.
        guard let before = grant.narrowedFrom else { return [] }
        let unmet = write(ControlFile.cpus(of: grant.group).value(in: before) ?? .cpus([]), grant)
        grant.narrowedTo = []
        grant.narrowedFrom = nil
        if grant.isEmpty { ledger.remove(grant.id) } else { ledger.enter(grant) }
        return unmet
    }

    /// 6.1 and 6.12 take no empty list for a group with tasks (ENOSPC); all CPUs are the same in effect.
    private func write(_ cpus: ControlValue, _ grant: Grant) -> [UnmetRequest] {
        let file = ControlFile.cpus(of: grant.group)
        let writer = UnitCPUs(machine: machine)
        do throws(FileError) {
            do throws(FileError) {
                try writer.write(cpus, to: file)
            } catch  where error.errno == .noSpace && cpus == .cpus([]) {
                try machine.write(.cpus(summary.online), to: file)
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
