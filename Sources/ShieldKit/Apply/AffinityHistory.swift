// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// The affinities that tasks had before rtshield first narrowed them, as its journal tells.
///
/// A shield that gives CPUs back gives them to these tasks too, as long as nobody else changed their affinity since.
package struct AffinityHistory: Hashable, Sendable {
    private var originals: [Int32: AffinityRecord] = [:]
    /// Every affinity that was recorded of a task.
    private var recorded: [Int32: Set<CPUSet>] = [:]
    /// Every shield that was in place since.
    private var shields: [CPUSet] = []
    /// The kernel tells no others of an affinity (sched_getaffinity(2)), so that only these are compared.
    private var online: CPUSet = []

    /// The CPUs of all these shields.
    package var shielded: CPUSet { shields.reduce([]) { $0.union($1) } }

    package init() {}

    package init(of journal: Journal, online: CPUSet) {
        self.online = online
        shields = journal.entries.compactMap { $0.intent?.shield.cpus }
        for case .restoreAffinities(let record) in journal.undo {
            for id in record.tasks { recorded[id, default: []].insert(record.affinity) }
            // The journal is in order, also within one clock tick: the first record is the original.
            for id in record.tasks where originals[id] == nil { originals[id] = record }
        }
    }

    /// What a task had, when what it has now is what a shield left of that; nil when rtshield did not narrow it.
    package func original(of id: Int32, startedAt ticks: UInt64, now affinity: CPUSet) -> CPUSet? {
        wholeOriginal(of: id, startedAt: ticks, now: affinity)?.intersection(online)
    }

    /// The same with the CPUs that are offline now.
    package func wholeOriginal(of id: Int32, startedAt ticks: UInt64, now affinity: CPUSet) -> CPUSet? {
        guard let record = originals[id], ticks <= record.ticks else { return nil }
        let original = record.affinity.intersection(online)
        return shields.contains { original.subtracting($0) == affinity } ? record.affinity : nil
    }

    /// What a task had, whatever it has now; nil when rtshield never recorded it.
    package func recorded(of id: Int32, startedAt ticks: UInt64) -> CPUSet? {
        originals[id].flatMap { ticks <= $0.ticks ? $0.affinity : nil }
    }

    /// Whether the journal tells this already: a shield that is made again and again must not make it grow.
    package func holds(_ record: AffinityRecord) -> Bool {
        record.tasks.allSatisfy { recorded[$0]?.contains(record.affinity) == true }
    }
}
