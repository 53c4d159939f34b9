// SPDX-License-Identifier: Apache-2.0

package import MachineKit
internal import Text

/// What is wrong with the memory that the memory manager is to hold back.
package enum MemoryProblem: Hashable, Sendable {
    /// The static policy needs memory to hold back, and there is none.
    case nothing(KubeletSetting<String>)
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
    case policyChanged(from: String, to: KubeletSetting<String>)
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

extension StartupCheck {
    private var isStaticMemory: Bool { configuration.memoryManagerPolicy.value == "Static" }

    /// What nodes hold back has to be there, and to come to what the node as a whole holds back.
    mutating func checkReservedMemory() {
        let setting = configuration.reservedMemory
        var seen: Set<String> = []
        var sums: [String: Quantity] = [:]
        for reservation in setting.value {
            let node = reservation.node
            for (type, amount) in reservation.limits.sorted(by: { $0.key < $1.key }) {
                sums[type, default: .zero].add(amount)
                let isNew = seen.insert("\(node)/\(type)").inserted
                if !isNew { report(.memory(.twice(type: type, node: node, setting.origin))) }
                if amount == .zero { report(.memory(.zero(type: type, node: node, setting.origin))) }
                if type != "memory", !type.hasPrefix("hugepages-") {
                    report(.memory(.unknownType(type, node: node, setting.origin)))
                }
            }
            if isStaticMemory, topology.nodes[node] == nil, !topology.allNodes.contains(node) {
                report(.memory(.absentNode(node, setting.origin)))
            }
        }
        if isStaticMemory { checkSums(sums) }
    }

    private mutating func checkSums(_ sums: [String: Quantity]) {
        guard sums["memory", default: .zero] != .zero else {
            report(.memory(.nothing(configuration.memoryManagerPolicy)))
            return
        }
        for (type, sum) in sums.sorted(by: { $0.key < $1.key }) {
            let held = type == "memory" ? heldBackMemory : .zero
            if let held, held != sum { report(.memory(.unequal(type: type, onNodes: sum, inAll: held))) }
        }
    }

    /// The memory that pods do not get; nil when it is a share of an amount that is not known.
    private var heldBackMemory: Quantity? {
        let reserved = configuration.reserved("memory")
        guard let threshold = configuration.evictionHard["memory.available"]?.value else { return reserved }
        return Eviction.amount(threshold, of: totalMemory).map { reserved + $0 }
    }

    mutating func check(_ state: MemoryManagerState) {
        if case .differs(let stored, let computed) = state.checksum {
            report(state: .corrupt(stored: stored, computed: computed))
        }
        let policy = configuration.memoryManagerPolicy
        guard state.policyName == policy.value else {
            report(state: .policyChanged(from: state.policyName, to: policy))
            return
        }
        // Without nodes kubelet starts afresh.
        guard isStaticMemory, !state.nodes.isEmpty else { return }
        let nodes = MemoryNodes(topology.nodes.keys)
        guard state.nodeNumbers == nodes else {
            report(state: .nodesChanged(from: state.nodeNumbers, to: nodes))
            return
        }
        for (node, content) in state.nodes.sorted(by: { $0.key < $1.key }) { check(node, content) }
    }

    private mutating func check(_ node: Int, _ content: MemoryManagerState.NodeState) {
        for (type, table) in content.memory.sorted(by: { $0.key < $1.key }) {
            let wanted = configuration.reservedMemory.value.filter { $0.node == node }
                .reduce(Quantity.zero) { $0 + ($1.limits[type] ?? .zero) }
            let held = Quantity(table.systemReserved)
            if held != wanted {
                report(state: .reservationChanged(node: node, type: type, from: held, to: wanted))
            }
        }
    }

    private mutating func report(state problem: MemoryStateProblem) {
        report(.memoryState(problem, file: path(of: MemoryManagerState.fileName)))
    }
}

/// At which amount of something pods are evicted.
enum Eviction {
    /// Reads an amount, or a share of all there is; nil when it is no amount, or a share of what is not known.
    static func amount(_ threshold: String, of total: UInt64?) -> Quantity? {
        guard threshold.hasSuffix("%") else { return Quantity(threshold) }
        guard let percentage = Float(threshold.dropLast()), (0...100).contains(percentage) else { return nil }
        // These switch the signal off.
        if percentage == 0 || percentage == 100 { return .zero }
        // kubelet computes in floating point, and cuts off what is not whole.
        return total.map { Quantity(UInt64(Double($0) * Double(percentage / 100))) }
    }
}
