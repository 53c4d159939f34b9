// SPDX-License-Identifier: Apache-2.0

package import MachineKit
internal import Text

/// What is wrong with the memory that the memory manager is to hold back.
package enum MemoryProblem: Hashable, Sendable {
    /// The static policy needs memory to hold back, and there is none.
    case nothing(Setting<String>)
    /// What nodes hold back is not what the node as a whole does.
    case unequal(type: String, onNodes: Quantity, inAll: Quantity)
    /// The machine has no such NUMA node.
    case absentNode(Int, Origin)
    /// A node holds back memory of a kind that there is not.
    case unknownType(String, node: Int, Origin)
    /// A node holds back nothing.
    case zero(type: String, node: Int, Origin)
    /// A node is told twice what to hold back.
    case twice(type: String, node: Int, Origin)
}

extension MemoryProblem {
    var what: String {
        switch self {
        case .nothing(let policy):
            "memoryManagerPolicy is \(policy.value) (\(policy.origin)), and reservedMemory has no memory"
        case .unequal(let type, let nodes, let all):
            "reservedMemory comes to \(nodes) of \(quoted(type)), and systemReserved, kubeReserved and evictionHard to \(all)"
        case .absentNode(let node, let origin):
            "reservedMemory (\(origin)) has node \(node), which the machine does not have"
        case .unknownType(let type, let node, let origin):
            "reservedMemory (\(origin)) has \(quoted(type)) of node \(node), which is no memory"
        case .zero(let type, let node, let origin):
            "reservedMemory (\(origin)) has nothing of \(quoted(type)) of node \(node)"
        case .twice(let type, let node, let origin):
            "reservedMemory (\(origin)) has \(quoted(type)) of node \(node) twice"
        }
    }

    var whatToDo: String {
        switch self {
        case .nothing: "reserve memory of the nodes in reservedMemory"
        case .unequal(_, _, let all): "let reservedMemory of all nodes come to \(all)"
        case .absentNode, .zero, .twice: "remove it"
        case .unknownType: "give memory, or huge pages such as hugepages-2Mi"
        }
    }
}

/// What does not fit to the memory manager's state.
package enum MemoryStateProblem: Hashable, Sendable {
    /// The file is not what kubelet wrote.
    case corrupt(stored: UInt64, computed: UInt64)
    /// Another policy wrote the file.
    case policyChanged(from: String, to: Setting<String>)
    /// The machine has other NUMA nodes.
    case nodesChanged(from: MemoryNodes, to: MemoryNodes)
    /// A node is to hold back another amount.
    case reservationChanged(node: Int, type: String, from: Quantity, to: Quantity)
}

extension MemoryStateProblem {
    var what: String {
        switch self {
        case .corrupt(let stored, let computed): "the checksum is \(stored), and what it holds has \(computed)"
        case .policyChanged(let old, let new):
            "the policy \(quoted(old)) wrote it, and memoryManagerPolicy is \(quoted(new.value)) (\(new.origin))"
        case .nodesChanged(let old, let new): "it knows the NUMA nodes \(old), and the machine has \(new)"
        case .reservationChanged(let node, let type, let old, let new):
            "it holds back \(old) of \(quoted(type)) of node \(node), and reservedMemory says \(new)"
        }
    }
}
