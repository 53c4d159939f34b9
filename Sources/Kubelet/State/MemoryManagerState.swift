// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What kubelet's memory manager gave to whom: its file `memory_manager_state`, of which all three versions are read.
///
/// kubelet refuses to start when the file does not fit to its configuration or to the machine. rtshield never writes it.
package struct MemoryManagerState: Hashable, Sendable {
    /// The most bytes that are read of the file.
    package static let largest = 4 << 20
    /// The name of the file in kubelet's directory.
    package static let fileName = "memory_manager_state"

    /// The version: 1 before kubelet 1.36, 2 in 1.36 when pods have memory, 3 from 1.37 on.
    package var version: Int
    /// The policy that wrote the file, such as `Static`.
    package var policyName: String
    /// What each NUMA node has.
    package var nodes: [Int: NodeState] = [:]
    /// The memory of containers, by the uid of the pod and the name of the container.
    package var containers: [String: [String: [Block]]] = [:]
    /// The memory of whole pods, by uid (version 2 and 3).
    package var pods: [String: [Block]] = [:]
    /// What the file says of itself.
    let seal: StateChecksum

    /// The numbers of the NUMA nodes.
    package var nodeNumbers: MemoryNodes { MemoryNodes(nodes.keys) }
}

extension MemoryManagerState {
    /// One NUMA node.
    package struct NodeState: Hashable, Sendable {
        /// How many blocks lie on it.
        package var assignments: Int
        /// What there is, by type: `memory`, `hugepages-2Mi`.
        package var memory: [String: Table]
        /// The nodes that blocks of this one reach over, itself included.
        package var cells: [Int]
    }

    /// Bytes of one type on one node.
    package struct Table: Hashable, Sendable {
        /// All there is.
        package var total: UInt64
        /// What pods do not get: `reservedMemory` of the configuration.
        package var systemReserved: UInt64
        /// What pods may get.
        package var allocatable: UInt64
        /// What pods have.
        package var reserved: UInt64
        /// What pods may still get.
        package var free: UInt64
    }

    /// Memory that somebody has.
    package struct Block: Hashable, Sendable {
        /// The nodes that it lies on.
        package var nodes: [Int]
        /// Its type: `memory`, `hugepages-2Mi`.
        package var type: String
        /// How many bytes it has.
        package var size: UInt64
    }
}
