// SPDX-License-Identifier: Apache-2.0

package import Linux
package import MachineKit

/// What carrying out a plan came to, beyond what the plan says.
package struct ApplyReport: Hashable, Sendable {
    package var swept = SweepReport()
    package var tuned = TuningReport()
    /// Units that systemd does not keep off the shield although it has read that it should; their tasks are off by affinity.
    package var late: [LateUnit] = []
    /// The CPUs that irqbalance was told to leave alone; nil when it was not told anything.
    package var banned: CPUSet?
    /// Whether irqbalance runs and did not take the banned CPUs.
    package var isIrqbalanceUnavailable = false
    /// The CPUs that were taken offline and online again.
    package var cycled: CPUSet = []
    /// The CPUs that the kernel does not take offline.
    package var notCycled: CPUSet = []

    package init() {}

    package var changedNothing: Bool { swept.changedNothing && tuned.changedNothing && banned == nil && cycled.isEmpty }
}

/// What became of values that may be refused one by one.
package struct TuningReport: Hashable, Sendable {
    /// What the kernel took.
    package var taken: [NoiseSource: [Write]] = [:]
    /// What the kernel did not take.
    package var refused: [NoiseSource: [RefusedWrite]] = [:]

    package init() {}

    package var changedNothing: Bool { taken.isEmpty }
}

/// What became of the tasks of a sweep.
package struct SweepReport: Hashable, Sendable {
    /// A task that refused to move, and the error number.
    package struct Refusal: Hashable, Sendable {
        package var id: Int32
        package var name: String
        package var errno: Errno
    }

    /// How many tasks moved to the housekeeping group.
    package var moved = 0
    /// How many tasks lost the shielded CPUs from their affinity.
    package var narrowed = 0
    /// The names of the first of them.
    package var narrowedNames: [String] = []
    /// How many ended while they were about to be moved.
    package var vanished = 0
    package var passes = 0
    /// The names of the tasks that stay on the shield, by reason.
    package var staying: [UnmovableReason: [String]] = [:]
    package var refused: [Refusal] = []

    package init() {}

    package var changedNothing: Bool { moved == 0 && narrowed == 0 }
}

/// What undoing came to.
package struct UndoReport: Hashable, Sendable {
    /// Something that is not as it was, and why.
    package struct Leftover: Hashable, Sendable, Codable {
        package var path: String
        package var why: String

        package init(_ path: String, why: String) {
            self.path = path
            self.why = why
        }
    }

    /// What somebody else changed since, and was therefore left alone.
    package var foreign: [Leftover] = []
    /// What could not be undone now; its inverse stays in the journal, so that undoing can be repeated.
    package var unfinished: [Leftover] = []
    /// The inverses of ``unfinished``, in the order in which they were recorded.
    package var remaining: [Step] = []
    /// How many tasks were still in groups that were removed, and went to the parent.
    package var evacuated = 0

    package init() {}

    /// Names something that somebody else changed; once, however often it was written.
    mutating func leave(_ path: String, why: String) {
        if !foreign.contains(where: { $0.path == path }) { foreign.append(Leftover(path, why: why)) }
    }
}
