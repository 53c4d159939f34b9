// SPDX-License-Identifier: Apache-2.0

package import Linux

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
