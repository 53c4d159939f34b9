// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

/// Collects reasons for a verdict; the first one that settles it decides.
struct OwnershipEvidence {
    private(set) var reasons: [CPUOwnership.Reason] = []
    private var settled: (kind: CPUOwnership.Kind, cpus: CPUSet, reason: Int)?

    var isSettled: Bool { settled != nil }

    /// Adds something that was found, without deciding.
    mutating func note(_ condition: CPUOwnership.Condition, _ speaksFor: Bool?, _ text: String) {
        reasons.append(CPUOwnership.Reason(condition: condition, speaksFor: speaksFor, text: text))
    }

    /// Adds something that shows CPUs of its own, and decides unless another did before.
    mutating func settle(_ kind: CPUOwnership.Kind, _ cpus: CPUSet, _ condition: CPUOwnership.Condition, _ text: String)
    {
        note(condition, true, text)
        if settled == nil { settled = (kind, cpus, reasons.count - 1) }
    }

    /// Adds something that rules CPUs of its own out, and decides unless another did before.
    mutating func decline(_ condition: CPUOwnership.Condition, _ text: String) {
        note(condition, false, text)
        if settled == nil { settled = (.shared, [], reasons.count - 1) }
    }

    /// The verdict; one that nothing settled is shared, by the last reason.
    func verdict() -> CPUOwnership {
        let (kind, cpus, reason) = settled ?? (.shared, [], reasons.count - 1)
        return CPUOwnership(kind: kind, cpus: cpus, reasons: reasons, deciding: reason)
    }
}
