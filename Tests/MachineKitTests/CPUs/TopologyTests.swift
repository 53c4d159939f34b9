// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit

@Suite("Topology")
struct TopologyTests {
    /// Reads a topology from the texts of files, whose directories follow from their paths.
    private func topology(cpu: [String: String], node: [String: String] = [:]) -> Topology {
        var files: [String: String] = [:]
        for (path, text) in cpu { files["devices/system/cpu/" + path] = text }
        for (path, text) in node { files["devices/system/node/" + path] = text }
        return Topology(reading: { files[$0] }) { directory in
            let inside = files.keys.filter { $0.hasPrefix(directory + "/") }
            return Set(inside.map { String($0.dropFirst(directory.count + 1).prefix { $0 != "/" }) }).sorted()
        }
    }

    private func siblings(_ lists: [Int: String], file: String = "thread_siblings_list") -> [String: String] {
        Dictionary(uniqueKeysWithValues: lists.map { ("cpu\($0.key)/topology/\(file)", $0.value + "\n") })
    }

    /// Two nodes of two cores of two threads.
    private var server: Topology {
        let cores = [0: "0,4", 1: "1,5", 2: "2,6", 3: "3,7", 4: "0,4", 5: "1,5", 6: "2,6", 7: "3,7"]
        let files = ["possible": "0-7\n", "present": "0-7\n", "online": "0-7\n", "offline": "\n", "cpufreq/x": ""]
        return topology(
            cpu: files.merging(siblings(cores)) { $1 },
            node: [
                "online": "0-1\n", "possible": "0-1\n", "has_memory": "0-1\n", "has_cpu": "0-1\n",
                "node0/cpulist": "0-1,4-5\n", "node1/cpulist": "2-3,6-7\n",
                "node0/distance": "10 21\n", "node1/distance": "21 10\n",
            ])
    }

    @Test("a machine of two nodes with two threads a core is read")
    func twoNodes() {
        #expect(server.possible == CPUSet(0...7) && server.present == CPUSet(0...7) && server.online == CPUSet(0...7))
        #expect(server.offline == [])
        #expect(server.nodes == [0: [0, 1, 4, 5], 1: [2, 3, 6, 7]])
        #expect(server.allNodes == [0, 1])
        #expect(server.siblings.count == 8)
        #expect(server.siblings[2] == [2, 6] && server.siblings[6] == [2, 6] && server.siblings[7] == [3, 7])
    }

    @Test(
        "NUMA nodes follow from the CPUs",
        arguments: [
            ("0", "0"), ("4-5", "0"), ("2-3,6-7", "1"), ("0,7", "0-1"), ("2-5", "0-1"), ("", ""), ("64", "0-1"),
        ])
    func memoryNodes(cpus: String, nodes: String) throws {
        #expect(server.memoryNodes(of: try #require(CPUSet(kernelList: cpus))).description == nodes)
    }

    @Test(
        "a set that splits a core is told which threads are left outside",
        arguments: [
            ("2-3,6-7", []), ("0-7", []), ("", []), ("64", []),
            ("2", ["2|6"]), ("2-5", ["2|6", "3|7", "4|0", "5|1"]), ("0-1,5", ["0|4"]),
        ])
    func splitCores(cpus: String, pairs: [String]) throws {
        let split = server.splitCores(by: try #require(CPUSet(kernelList: cpus)))
        #expect(split.map { "\($0.inside)|\($0.outside)" } == pairs)
    }

    @Test("offline CPUs have no topology, and holes in the numbering are no CPUs")
    func offline() {
        let files = ["possible": "0-15\n", "present": "0-3,8-11\n", "online": "0-1,3,8,10-11\n", "cpu2/online": "0"]
        let machine = topology(
            cpu: files.merging(siblings([0: "0,8", 1: "1", 3: "3,11", 8: "0,8", 10: "10", 11: "3,11"])) { $1 },
            node: ["node0/cpulist": "0-1,3\n", "node2/cpulist": "8,10-11\n", "has_memory": "0,2\n"])
        #expect(machine.offline == [2, 9])
        #expect(CPUSet(machine.siblings.keys) == machine.online)
        #expect(machine.siblings[3] == [3, 11] && machine.siblings[10] == [10])
        #expect(machine.splitCores(by: [1, 2, 3]).map(\.outside) == [11])
        #expect(machine.memoryNodes(of: [10]) == [2])
        #expect(machine.memoryNodes(of: [2]) == [0, 2])
        #expect(machine.memoryNodes(of: [1, 9]) == [0])
    }

    @Test("a kernel without a node directory has node 0 with all CPUs")
    func withoutNUMA() {
        let machine = topology(cpu: ["possible": "0-3\n", "present": "0-3\n", "online": "0-2\n"])
        #expect(machine.nodes == [0: [0, 1, 2]])
        #expect(machine.allNodes == [0] && machine.memoryNodes(of: [1]) == [0])
        #expect(machine.siblings == [0: [0], 1: [1], 2: [2]])
    }

    @Test("CPUs of a node without memory are served by the nearest nodes that have some")
    func memorylessNode() {
        let nodes = [
            "has_memory": "0,2-3\n", "node0/cpulist": "0-1\n", "node1/cpulist": "2-3\n", "node2/cpulist": "4-5\n",
            "node3/cpulist": "\n",
        ]
        let cpu = ["possible": "0-5", "present": "0-5", "online": "0-5"]
        let near = topology(cpu: cpu, node: nodes.merging(["node1/distance": "31 10 21 21\n"]) { $1 })
        #expect(near.allNodes == [0, 2, 3] && near.nodes[3] == [])
        #expect(near.memoryNodes(of: [2]) == [2, 3])
        #expect(near.memoryNodes(of: [0, 3]) == [0, 2, 3])
        #expect(near.memoryNodes(of: [4]) == [2])
        for distance in ["", "31 10\n", "a b c d\n"] {
            let unknown = topology(cpu: cpu, node: nodes.merging(["node1/distance": distance]) { $1 })
            #expect(unknown.memoryNodes(of: [2]) == [0, 2, 3], "distances are '\(distance)'")
        }
    }

    @Test("files that a recorded machine lacks are made up for by others")
    func missingFiles() {
        let bare = topology(cpu: ["cpu0/x": "", "cpu1/x": "", "cpu12/x": "", "cpuidle/x": "", "cpu/x": ""])
        #expect(bare.present == [0, 1, 12] && bare.online == [0, 1, 12] && bare.possible == [0, 1, 12])
        let onlyOnline = topology(cpu: ["online": "0-3\n"])
        #expect(onlyOnline.present == CPUSet(0...3) && onlyOnline.possible == CPUSet(0...3))
        #expect(topology(cpu: [:]).online.isEmpty)
    }

    @Test("the newer name of the list of siblings is understood")
    func coreList() {
        let cores = siblings([0: "0-1", 1: "0-1", 2: "2-3", 3: "2-3"], file: "core_cpus_list")
        #expect(topology(cpu: cores.merging(["online": "0-3\n"]) { $1 }).siblings[3] == [2, 3])
    }

    @Test("a machine of more than 1,024 CPUs is read")
    func large() {
        let cores = Dictionary(uniqueKeysWithValues: (0..<2_048).map { ($0, "\($0 % 1_024),\($0 % 1_024 + 1_024)") })
        let machine = topology(cpu: siblings(cores).merging(["online": "0-2047\n"]) { $1 })
        #expect(machine.siblings[2_047] == [1_023, 2_047] && machine.siblings.count == 2_048)
    }
}

@Suite("Synthetic topology")
struct SyntheticTopologyTests {
    @Test("levels count what one of the level before holds")
    func levels() throws {
        let machine = try #require(Topology(synthetic: "node:2 core:4 thread:2"))
        #expect(machine.online == CPUSet(0...15) && machine.possible == machine.online && machine.offline == [])
        #expect(machine.nodes == [0: [0, 1, 2, 3, 8, 9, 10, 11], 1: [4, 5, 6, 7, 12, 13, 14, 15]])
        #expect(machine.siblings[0] == [0, 8] && machine.siblings[13] == [5, 13])
        #expect(machine.memoryNodes(of: [1, 9]) == [0])
    }

    @Test(
        "levels that are left out are 1",
        arguments: [("core:8", 8, 1), ("node:2", 2, 2), ("thread:2", 2, 1), ("core:2 thread:4", 8, 1)])
    func leftOut(text: String, cpus: Int, nodes: Int) {
        let machine = Topology(synthetic: text)
        #expect(machine?.online.count == cpus)
        #expect(machine?.nodes.count == nodes && machine?.allNodes.count == nodes)
    }

    @Test("the largest machine is made, and no larger one")
    func largest() {
        #expect(Topology(synthetic: "thread:65536")?.siblings[0]?.last == 65_535)
        #expect(Topology(synthetic: "thread:65537") == nil)
        #expect(Topology(synthetic: "node:16 core:2048 thread:3") == nil)
        #expect(Topology(synthetic: "node:65536 core:65536 thread:65536") == nil)
    }

    @Test(
        "a text that is not understood is refused",
        arguments: [
            "", " ", "core", "core:", "core:0", "core:-1", "core:a", "core:2:2", "socket:2", "core:2 node:2",
            "core:2 core:2",
        ])
    func refused(text: String) {
        #expect(Topology(synthetic: text) == nil)
    }
}
