// SPDX-License-Identifier: Apache-2.0

internal import Linux
package import MachineKit
package import ShieldKit

/// What kernel threads could use before they had to leave CPUs.
///
/// There are thousands of them and few affinities, so that those with the same one are remembered together.
package struct ThreadAffinities: Hashable, Sendable, Codable {
    /// What they could use, one record for each affinity.
    package private(set) var records: [AffinityRecord] = []
    /// The CPUs that they may lack because of grants or a shield: a thread that lacks others was moved by somebody else.
    package var taken: CPUSet = []

    /// Remembers nothing.
    package init() {}

    /// What each thread could use, by its id; a later thread with that id is not meant.
    var originals: [Int32: AffinityRecord] {
        var originals: [Int32: AffinityRecord] = [:]
        for record in records { for id in record.tasks { originals[id] = record } }
        return originals
    }

    /// Remembers exactly these threads, each of which was just seen to be the one that is meant.
    ///
    /// - Parameters:
    ///   - threads: What each could use.
    ///   - newcomers: Those of them that are not remembered yet; earlier threads may have had their ids.
    mutating func remember(_ threads: [Int32: CPUSet], newcomers: TaskIDs = []) {
        let ticks = BootClock.ticks
        records = Dictionary(grouping: threads.keys) { threads[$0] ?? [] }.map { affinity, ids in
            let tasks = TaskIDs(ids)
            let held = records.first { $0.affinity == affinity && $0.tasks == tasks }
            // What did not change is not written again.
            if let held, !newcomers.contains(where: tasks.contains) { return held }
            return AffinityRecord(affinity: affinity, tasks: tasks, ticks: ticks)
        }
        .sorted { $0.affinity.description < $1.affinity.description }
    }
}
