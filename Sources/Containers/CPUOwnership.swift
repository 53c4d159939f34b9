// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// Whether a container has CPUs of its own, and how that is known.
package struct CPUOwnership: Hashable, Sendable {
    /// How sure it is.
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Whoever gives out CPUs says so.
        case exclusive
        /// Everything that can be seen says so, but not whoever gives them out.
        case probable
        /// It has none, or nothing tells.
        case shared
    }

    /// What was looked at.
    package enum Condition: String, Hashable, Sendable, CaseIterable {
        /// Whether it only holds a pod together.
        case sandbox
        /// What its annotation `rtshield.io/cpus` says.
        case annotation
        /// Whether it asks for CPUs by number at all.
        case cpus
        /// What kubelet's CPU manager gave it.
        case cpuManager = "cpu-manager"
        /// What a DRA driver gave it.
        case claim
        /// What its pod was promised.
        case quality = "qos"
        /// Whether its weight is that of whole CPUs.
        case shares
        /// Whether its quota is none, or that of whole CPUs.
        case quota
        /// Whether it has as many CPUs as it requested.
        case count
        /// Whether all of the four fit together.
        case arithmetic
        /// Whether its CPUs are the shield's.
        case shield
        /// Whether its group is to lie in the shield's pool.
        case parent
    }

    /// One thing that was looked at.
    package struct Reason: Hashable, Sendable {
        /// What.
        package var condition: Condition
        /// Whether it speaks for CPUs of its own; nil where it says nothing.
        package var speaksFor: Bool?
        /// What was found, in one line without a full stop; parts come from the container, so print it with care.
        package var text: String
    }

    /// The answer.
    package private(set) var kind = Kind.shared
    /// The CPUs that are its own; empty for a shared one.
    package private(set) var cpus: CPUSet = []
    /// All that was looked at, in order.
    package private(set) var reasons: [Reason] = []
    private var decided: Int?

    /// Has looked at nothing yet.
    init() {}

    /// Which of the reasons decided: without another the last one.
    package var deciding: Int { decided ?? reasons.count - 1 }
    /// The reason that decided.
    package var decidingReason: Reason { reasons[deciding] }
    /// Whether it has CPUs of its own, by all that is known.
    package var isOwner: Bool { kind != .shared }
}

// MARK: - Evidence, of which the first that is strong enough decides

extension CPUOwnership {
    var isDecided: Bool { decided != nil }

    /// Adds something that was found, without deciding.
    mutating func note(_ condition: Condition, _ speaksFor: Bool?, _ text: String) {
        reasons.append(Reason(condition: condition, speaksFor: speaksFor, text: text))
    }

    /// Adds something that shows CPUs of its own, and decides unless another did before.
    mutating func confirm(_ kind: Kind, _ cpus: CPUSet, _ condition: Condition, _ text: String) {
        note(condition, true, text)
        guard decided == nil else { return }
        (self.kind, self.cpus, decided) = (kind, cpus, reasons.count - 1)
    }

    /// Adds something that rules CPUs of its own out, and decides unless another did before.
    mutating func ruleOut(_ condition: Condition, _ text: String) {
        note(condition, false, text)
        if decided == nil { decided = reasons.count - 1 }
    }
}
