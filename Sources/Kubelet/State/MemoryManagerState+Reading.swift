// SPDX-License-Identifier: Apache-2.0

package import JSON
import MachineKit

extension MemoryManagerState {
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
