// SPDX-License-Identifier: Apache-2.0

import Kubelet
import Testing

@Suite("The memory with which kubelet would start, and others")
struct StartupMemoryTests {
    private static let fixed = """
        memoryManagerPolicy: Static
        systemReserved: {memory: 1Gi}
        kubeReserved: {memory: 512Mi}

        """

    @Test("what nodes hold back comes to what the machine does, the threshold of eviction among it")
    func sums() throws {
        let both = "reservedMemory: [{numaNode: 0, limits: {memory: 1Gi}}, {numaNode: 1, limits: {memory: 612Mi}}]"
        #expect(try startupProblems(Self.fixed + both, "node:2 core:2") == [])
        expectOne(
            try startupProblems(Self.fixed + "reservedMemory: [{numaNode: 0, limits: {memory: 1536Mi}}]"),
            "reservedMemory comes to 1536Mi of 'memory', and systemReserved, kubeReserved and evictionHard to 1636Mi",
            try: "let reservedMemory of all nodes come to 1636Mi")
        let none = Self.fixed + "evictionHard: {}\nreservedMemory: [{numaNode: 0, limits: {memory: 1536Mi}}]"
        #expect(try startupProblems(none) == [])
    }

    @Test("a share of the memory is counted where that is known")
    func share() throws {
        func text(_ share: String, _ sum: String) -> String {
            Self.fixed + "evictionHard: {memory.available: \(share)}\nreservedMemory: [{limits: {memory: \(sum)}}]"
        }
        #expect(try startupProblems(text("25%", "1740Mi")) == [])
        #expect(try startupProblems(text("25%", "1740Mi"), totalMemory: 816 << 20) == [])
        #expect(try startupProblems(text("25%", "1740Mi"), totalMemory: 820 << 20).count == 1)
        // kubelet's share has the precision of a short floating-point number: these are 204 MiB and 3 bytes.
        #expect(try startupProblems(text("5%", "\((1740 << 20) + 3)"), totalMemory: 4080 << 20) == [])
        for nothing in ["0%", "100%"] {
            #expect(try startupProblems(text(nothing, "1536Mi"), totalMemory: 4080 << 20) == [])
        }
    }

    @Test("huge pages cannot be held back, since nothing else holds them back")
    func hugePages() throws {
        expectOne(
            try startupProblems(Self.fixed + "reservedMemory: [{limits: {memory: 1636Mi, hugepages-2Mi: 4Mi}}]"),
            "reservedMemory comes to 4Mi of 'hugepages-2Mi', and systemReserved, kubeReserved and evictionHard to 0",
            try: "let reservedMemory of all nodes come to 0")
    }

    @Test("the static policy wants memory for the system")
    func nothing() throws {
        expectOne(
            try startupProblems("memoryManagerPolicy: Static"),
            "memoryManagerPolicy is Static (config.yaml:3), and reservedMemory has no memory",
            try: "reserve memory of the nodes in reservedMemory")
    }

    @Test("reservations are of nodes that there are, of memory, of something, and once")
    func items() throws {
        let memory = "evictionHard: {}\nmemoryManagerPolicy: Static\nsystemReserved: {memory: 1Gi}\nreservedMemory: "
        #expect(
            try startupProblems(memory + "[{numaNode: 3, limits: {memory: 1Gi}}]").map(\.what) == [
                "reservedMemory (config.yaml:6) has node 3, which the machine does not have"
            ])
        // These are checked whatever the policy is.
        #expect(
            try startupProblems("reservedMemory: [{limits: {memory: 1Gi, cpu: 1}}, {limits: {memory: \"0\"}}]").map(
                \.what)
                == [
                    "reservedMemory (config.yaml:3) has 'cpu' of node 0, which is no memory",
                    "reservedMemory (config.yaml:3) has 'memory' of node 0 twice",
                    "reservedMemory (config.yaml:3) has nothing of 'memory' of node 0",
                ])
    }

    private static let state = #"""
        {"policyName":"Static","machineState":{"0":{"numberOfAssignments":0,"memoryMap":{"memory":
        {"total":4294967296,"systemReserved":1073741824,"allocatable":3221225472,"reserved":0,"free":3221225472}},
        "cells":[0]}}}
        """#

    private func found(of reserved: String, state: String = state, _ machine: String = "core:8") throws
        -> [StartupProblem]
    {
        let text = """
            memoryManagerPolicy: Static
            evictionHard: {}
            systemReserved: {memory: \(reserved)}
            reservedMemory: [{limits: {memory: \(reserved)}}]
            """
        return try startupProblems(text, memoryState: state, machine)
    }

    private func expect(_ problems: [StartupProblem], _ what: String, location: SourceLocation = #_sourceLocation) {
        let path = "/var/lib/kubelet/memory_manager_state"
        expectOne(
            problems, "\(path): \(what)",
            try: "drain the node, stop kubelet, remove \(path), and start kubelet", location: location)
    }

    @Test("the state knows the machine and what is reserved")
    func state() throws {
        #expect(try found(of: "1Gi") == [])
        expect(
            try found(of: "2Gi"), "it holds back 1Gi of 'memory' of node 0, and reservedMemory says 2Gi")
        expect(
            try found(of: "1Gi", "node:2 core:4"), "it knows the NUMA nodes 0, and the machine has 0-1")
        expect(
            try found(of: "1Gi", state: #"{"policyName":"None"}"#),
            "the policy 'None' wrote it, and memoryManagerPolicy is 'Static' (config.yaml:3)")
        expect(
            try found(of: "1Gi", state: #"{"policyName":"Static","machineState":{},"checksum":1}"#),
            "the checksum is 1, and what it holds has 3940083781")
    }
}
