// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit

@Suite("Whole cores for a shield")
struct CoreChoiceTests {
    private func machine(_ text: String, offline: CPUSet = []) throws -> Topology {
        var topology = try #require(Topology(synthetic: text))
        topology.online.subtract(offline)
        // The kernel takes offline CPUs out of the lists of siblings and nodes.
        topology.siblings = topology.siblings.filter { topology.online.contains($0.key) }
            .mapValues { $0.intersection(topology.online) }
        topology.nodes = topology.nodes.mapValues { $0.intersection(topology.online) }
        return topology
    }

    private func choice(_ request: CoreRequest, on topology: Topology, cmdline: String = "") throws -> CoreChoice {
        try CoreChoice(
            request, topology: topology, boot: BootOptions(commandLine: cmdline, possible: topology.possible))
    }

    @Test(
        "the choice is one node, away from the boot CPU, neighbours, high numbers",
        arguments: CoreChoiceCase.places + CoreChoiceCase.whatIsOffline + CoreChoiceCase.boot)
    func chosen(_ given: CoreChoiceCase) throws {
        let topology = try machine(given.machine, offline: given.offline)
        let request = CoreRequest(cores: given.cores, node: given.node)
        do {
            let choice = try choice(request, on: topology, cmdline: given.cmdline)
            #expect(choice.cpus.description == given.result)
            #expect(choice.usable == choice.cpus && choice.cpus.isSubset(of: topology.online))
            #expect(topology.splitCores(by: choice.cpus).isEmpty)
        } catch is CoreChoiceError {
            #expect(given.result == "error")
        }
    }

    @Test("one thread of each core is used when the others are to idle")
    func idle() throws {
        let choice = try choice(
            CoreRequest(cores: 2, threads: .off), on: machine("node:2 core:4 thread:2"))
        #expect(choice.cpus == [6, 7, 14, 15] && choice.usable == [6, 7])
        #expect(choice.reasons.last == "CPU 14-15 are shielded and idle: the other threads of these cores")
        let single = try self.choice(CoreRequest(cores: 2, threads: .off), on: machine("core:4"))
        #expect(single.usable == [2, 3] && single.reasons.last == "each has one thread, so none has to idle")
    }

    @Test("the choice says why", arguments: CoreChoiceCase.reasons)
    func reasons(_ given: CoreChoiceCase) throws {
        let topology = try machine(given.machine, offline: given.offline)
        let request = CoreRequest(cores: given.cores, node: given.node)
        #expect(
            try choice(request, on: topology, cmdline: given.cmdline).reasons.joined(separator: "\n") == given.result)
    }

    @Test("holes in the numbers and threads next to each other are no matter")
    func oddNumbers() throws {
        let cores: [CPUSet] = [[0, 1], [8, 9], [16, 17], [64, 65], [66, 67]]
        let all = cores.reduce(into: CPUSet()) { $0.formUnion($1) }
        let topology = Topology(
            possible: CPUSet(0...127), present: all, online: all,
            nodes: [0: [0, 1, 8, 9, 16, 17, 64, 65, 66, 67], 3: []],
            siblings: Dictionary(uniqueKeysWithValues: cores.flatMap { core in core.map { ($0, core) } }),
            allNodes: [0, 3], nearestNodes: [:])
        #expect(try choice(CoreRequest(cores: 2), on: topology).cpus == [64, 65, 66, 67])
        #expect(try choice(CoreRequest(cores: 3), on: topology).cpus == [16, 17, 64, 65, 66, 67])
        #expect(
            try choice(CoreRequest(cores: 1), on: topology).reasons.first
                == "not the core of CPU 0, where the work of the boot CPU stays")
        #expect(throws: CoreChoiceError.self) { try choice(CoreRequest(cores: 1, node: 3), on: topology) }
    }

    @Test("siblings that are listed although they are offline make a core incomplete too")
    func listedSiblings() throws {
        var topology = try #require(Topology(synthetic: "core:4 thread:2"))
        topology.online.remove(3)
        #expect(try choice(CoreRequest(cores: 2), on: topology).cpus == [1, 2, 5, 6])
    }

    @Test("a machine that tells nothing has no core to give")
    func nothingKnown() {
        let topology = Topology(reading: { _ in nil }, list: { _ in [] })
        #expect(throws: CoreChoiceError.self) { try choice(CoreRequest(cores: 1), on: topology) }
    }

    @Test("more than 1,024 CPUs are no matter", .timeLimit(.minutes(1)))
    func large() throws {
        let large = try machine("node:8 core:128 thread:2")
        #expect(try choice(CoreRequest(cores: 2), on: large).cpus == [1_022, 1_023, 2_046, 2_047])
        #expect(try choice(CoreRequest(cores: 127, node: 0, threads: .off), on: large).usable.count == 127)
        #expect(try choice(CoreRequest(cores: 1_023), on: large).cpus.count == 2_046)
        let holed = try machine("core:2048 thread:2", offline: [4_000, 3_000])
        #expect(try choice(CoreRequest(cores: 1_000), on: holed).cpus.count == 2_000)
    }
}
