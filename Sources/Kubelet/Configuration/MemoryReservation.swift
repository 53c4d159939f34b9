// SPDX-License-Identifier: Apache-2.0

/// Memory of one node that pods do not get: an item of `reservedMemory`.
package struct MemoryReservation: Hashable, Sendable {
    /// The number of the NUMA node.
    package var node: Int
    /// How many bytes, by type: `memory`, `hugepages-2Mi`.
    package var limits: [String: Quantity]
}
