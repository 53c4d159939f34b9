// SPDX-License-Identifier: Apache-2.0

import MachineKit

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
