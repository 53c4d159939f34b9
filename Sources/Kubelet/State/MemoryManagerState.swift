// SPDX-License-Identifier: Apache-2.0

package import JSON
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

    /// Reads the file.
    ///
    /// - Throws: ``DocumentError`` with the first thing that is wrong.
    package init(reading text: [UInt8]) throws(DocumentError) {
        let file = try ChecksummedFields(Self.fileName, text, limit: Self.largest)
        let fields = file.fields
        policyName = try fields.required(fields.spelling(of: "policyName"))
        seal = file.seal
        version = 1
        try readNodes(fields)
        for (uid, names) in try fields.objects(byKey: fields.spelling(of: "entries")) {
            containers[uid] = try names.blocksByKey()
        }
        for (uid, pod) in try fields.objects(byKey: fields.spelling(of: "podEntries")) {
            version = 2
            pods[uid] = try pod.objects(pod.spelling(of: "memoryBlocks")).map(Block.init)
        }
        if case .data = seal { version = 3 }
    }

    private mutating func readNodes(_ fields: Fields) throws(DocumentError) {
        let key = fields.spelling(of: "machineState")
        for (number, node) in try fields.objects(byKey: key) {
            guard let number = Int(number), (0...MemoryNodes.highestNumber).contains(number) else {
                throw fields.error("each key is the number of a NUMA node", at: key)
            }
            nodes[number] = try NodeState(node)
        }
    }
}

extension MemoryManagerState.NodeState {
    fileprivate init(_ fields: Fields) throws(DocumentError) {
        assignments = try fields.integer(fields.spelling(of: "numberOfAssignments")) ?? 0
        memory = [:]
        for (type, table) in try fields.objects(byKey: fields.spelling(of: "memoryMap")) {
            memory[type] = try MemoryManagerState.Table(table)
        }
        cells = try fields.integers(fields.spelling(of: "cells"))
    }
}

extension MemoryManagerState.Table {
    fileprivate init(_ fields: Fields) throws(DocumentError) {
        total = try fields.bytes("total")
        systemReserved = try fields.bytes("systemReserved")
        allocatable = try fields.bytes("allocatable")
        reserved = try fields.bytes("reserved")
        free = try fields.bytes("free")
    }
}

extension MemoryManagerState.Block {
    fileprivate init(_ fields: Fields) throws(DocumentError) {
        nodes = try fields.integers(fields.spelling(of: "numaAffinity"))
        type = try fields.string(fields.spelling(of: "type")) ?? ""
        size = try fields.bytes("size")
    }
}

extension Fields {
    fileprivate func bytes(_ key: String) throws(DocumentError) -> UInt64 { try integer(spelling(of: key)) ?? 0 }

    /// Lists of blocks by keys that are anything.
    fileprivate func blocksByKey() throws(DocumentError) -> [String: [MemoryManagerState.Block]] {
        var lists: [String: [MemoryManagerState.Block]] = [:]
        for (name, items) in try objectLists() {
            var blocks: [MemoryManagerState.Block] = []
            for item in items { blocks.append(try MemoryManagerState.Block(item)) }
            lists[name] = blocks
        }
        return lists
    }
}

extension MemoryManagerState {
    /// Whether the file is what kubelet wrote.
    package var checksum: ChecksumVerdict { seal.verdict(amongThoseOf: dumps) }

    /// The texts that kubelets may have hashed, the commonest first; 1.36 had other names for the same types.
    private var dumps: [SpewText] {
        let withoutPods = ["", "V1"].map { dump(ofType: "MemoryManagerCheckpoint" + $0, hasPods: false) }
        let withPods = ["", "V2"].map { dump(ofType: "MemoryManagerCheckpoint" + $0, hasPods: true) }
        return (pods.isEmpty ? withoutPods : []) + withPods
    }

    private func dump(ofType type: String, hasPods: Bool) -> SpewText {
        var dump = SpewText("(*state.\(type)){PolicyName:(string)\(policyName) MachineState:(state.NUMANodeMap)")
        dump.enclosed(nodes.sorted { $0.key < $1.key }, in: "map[") { dump, node in
            dump.write("\(node.key):<*>")
            dump.write(node.value)
        }
        dump.write(" Entries:(state.ContainerMemoryAssignments)")
        dump.map(containers) { dump, names in
            dump.map(names) { $0.write($1) }
        }
        if hasPods {
            dump.write(" PodEntries:(state.PodMemoryAssignments)")
            dump.map(pods) { dump, blocks in
                dump.write("{MemoryBlocks:([]state.Block)")
                dump.write(blocks)
                dump.write("}")
            }
        }
        dump.write(" Checksum:(checksum.Checksum)0}")
        return dump
    }
}

extension SpewText {
    fileprivate mutating func write(_ node: MemoryManagerState.NodeState) {
        write("{NumberOfAssignments:(int)\(node.assignments)")
        write(" MemoryMap:(map[v1.ResourceName]*state.MemoryTable)")
        map(node.memory) { dump, table in
            dump.write("<*>{TotalMemSize:(uint64)\(table.total) SystemReserved:(uint64)\(table.systemReserved)")
            dump.write(" Allocatable:(uint64)\(table.allocatable) Reserved:(uint64)\(table.reserved)")
            dump.write(" Free:(uint64)\(table.free)}")
        }
        write(" Cells:([]int)")
        list(node.cells) { $0.write("\($1)") }
        write("}")
    }

    fileprivate mutating func write(_ blocks: [MemoryManagerState.Block]) {
        list(blocks) { dump, block in
            dump.write("{NUMAAffinity:([]int)")
            dump.list(block.nodes) { $0.write("\($1)") }
            dump.write(" Type:(v1.ResourceName)\(block.type) Size:(uint64)\(block.size)}")
        }
    }
}
