// SPDX-License-Identifier: Apache-2.0

import CgroupKit

/// Collects reasons for a verdict; the first one that settles it decides.
struct Judge {
    private(set) var reasons: [Verdict.Reason] = []
    private var settled: (kind: Verdict.Kind, cpus: CPUSet, reason: Int)?

    var isSettled: Bool { settled != nil }

    /// Adds something that was found, without deciding.
    mutating func note(_ condition: Verdict.Condition, _ speaksFor: Bool?, _ text: String) {
        reasons.append(Verdict.Reason(condition: condition, speaksFor: speaksFor, text: text))
    }

    /// Adds something that shows CPUs of its own, and decides unless another did before.
    mutating func settle(_ kind: Verdict.Kind, _ cpus: CPUSet, _ condition: Verdict.Condition, _ text: String) {
        note(condition, true, text)
        if settled == nil { settled = (kind, cpus, reasons.count - 1) }
    }

    /// Adds something that rules CPUs of its own out, and decides unless another did before.
    mutating func decline(_ condition: Verdict.Condition, _ text: String) {
        note(condition, false, text)
        if settled == nil { settled = (.shared, [], reasons.count - 1) }
    }

    /// The verdict; one that nothing settled is shared, by the last reason.
    func verdict() -> Verdict {
        let (kind, cpus, reason) = settled ?? (.shared, [], reasons.count - 1)
        return Verdict(kind: kind, cpus: cpus, reasons: reasons, deciding: reason)
    }
}
