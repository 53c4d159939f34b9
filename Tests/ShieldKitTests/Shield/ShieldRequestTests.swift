// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit
@testable import ShieldKit

@Suite("What a request comes to on a machine")
struct ShieldRequestTests {
    /// CPUs 0-7 on two nodes, of which 7 is offline; 8 and 9 do not exist.
    private func topology() throws -> Topology {
        var topology = try #require(Topology(synthetic: "node:2 core:4"))
        topology.online.remove(7)
        return topology
    }

    private func shield(_ request: ShieldRequest, cmdline: String = "") throws -> Shield {
        let topology = try topology()
        return try Shield(
            request, topology: topology, boot: BootOptions(commandLine: cmdline, possible: topology.possible))
    }

    private static func asked(
        _ cpus: CPUSet?, user: CPUSet? = nil, docker: CPUSet? = nil, named: [(String, CPUSet)] = [],
        mems: MemoryNodes? = nil, cores: CoreRequest? = nil
    ) -> ShieldRequest {
        var request = ShieldRequest(cpus: cpus)
        request.cores = cores
        request.userCPUs = user
        request.dockerCPUs = docker
        request.named = named.map { NamedCPUs($0.0, cpus: $0.1) }
        request.mems = mems
        return request
    }

    struct Mistake: CustomTestStringConvertible, Sendable {
        var request: ShieldRequest
        var error: ShieldRequestError
        var cmdline = ""

        var testDescription: String { error.description }

        static let all: [Mistake] = [
            Mistake(request: asked(nil), error: .nothingAsked),
            Mistake(request: asked([]), error: .nothingAsked),
            Mistake(request: asked([2, 3], cores: CoreRequest(cores: 2)), error: .cpusAndCores([2, 3], cores: 2)),
            Mistake(request: asked([], cores: CoreRequest(cores: 1)), error: .cpusAndCores([], cores: 1)),
            Mistake(request: asked(nil, cores: CoreRequest(cores: 0)), error: .cores(.noCores)),
            Mistake(
                request: asked(nil, cores: CoreRequest(cores: 1, node: 2)),
                error: .cores(.absentNode(2, present: [0, 1]))),
            Mistake(
                request: asked(nil, user: [1], cores: CoreRequest(cores: 2)),
                error: .outside(partition: "user", [1], shield: [5, 6])),
            Mistake(request: asked([2, 8, 9]), error: .absent([8, 9], present: CPUSet(0...7))),
            Mistake(request: asked([65_535]), error: .absent([65_535], present: CPUSet(0...7))),
            Mistake(request: asked([6, 7]), error: .offline([7])),
            Mistake(request: asked(CPUSet(0...6)), error: .housekeepingEmpty(online: CPUSet(0...6))),
            Mistake(
                request: asked(nil, user: [0, 1, 2], docker: [3, 4, 5, 6]),
                error: .housekeepingEmpty(online: CPUSet(0...6))),
            Mistake(
                request: asked([0, 1, 2, 3]), error: .onlyBootIsolatedLeft(left: [4, 5, 6], isolated: [4, 5, 6, 7]),
                cmdline: "isolcpus=4-7"),
            Mistake(request: asked([2, 3], user: [3, 4]), error: .outside(partition: "user", [4], shield: [2, 3])),
            Mistake(request: asked([2, 3], docker: [1]), error: .outside(partition: "docker", [1], shield: [2, 3])),
            Mistake(
                request: asked([2, 3], named: [("audio", [5])]),
                error: .outside(partition: "audio", [5], shield: [2, 3])),
            Mistake(request: asked([2], named: [("a-b", [2])]), error: .badName("a-b")),
            Mistake(request: asked([2], named: [("", [2])]), error: .badName("")),
            Mistake(request: asked([2], named: [("../x", [2])]), error: .badName("../x")),
            Mistake(request: asked([2], named: [("Audio", [2])]), error: .badName("Audio")),
            Mistake(request: asked([2], named: [("1st", [2])]), error: .badName("1st")),
            Mistake(request: asked([2], named: [("system", [2])]), error: .takenName("system")),
            Mistake(request: asked([2], named: [("user", [2])]), error: .takenName("user")),
            Mistake(request: asked([2, 3], named: [("a", [2]), ("a", [3])]), error: .takenName("a")),
            Mistake(request: asked([2], mems: [1, 2]), error: .absentNodes([2], present: [0, 1])),
            Mistake(request: asked([2], mems: []), error: .absentNodes([], present: [0, 1])),
        ]
    }

    @Test("a request that does not fit is refused with what is wrong", arguments: Mistake.all)
    func refused(_ mistake: Mistake) throws {
        #expect(throws: mistake.error) { try shield(mistake.request, cmdline: mistake.cmdline) }
    }

    @Test("every refusal says what was asked", arguments: Mistake.all.filter { $0.request.cpus?.isEmpty == false })
    func said(_ mistake: Mistake) {
        let text = mistake.error.description
        #expect(text.contains { $0.isNumber } || text.contains("partition"))
    }

    @Test(
        "the partitions share the shield by the rules",
        arguments: [
            (asked([2, 3, 4, 5]), "user=2-5 docker=2-5"),
            (asked([2, 3, 4, 5], user: [2]), "user=2 docker=3-5"),
            (asked([2, 3, 4, 5], docker: [2]), "user=3-5 docker=2"),
            (asked([2, 3, 4, 5], user: [2, 3, 4, 5]), "user=2-5 docker=2-5"),
            (asked([2, 3, 4, 5], user: [2, 3], docker: [3, 4]), "user=2-3 docker=3-4"),
            (asked(nil, user: [2], docker: [3]), "user=2 docker=3"),
            (asked(nil, user: [2]), "user=2 docker=2"),
            (asked([2, 3, 4, 5], named: [("audio", [5])]), "user=2-4 docker=2-4 audio=5"),
            (asked([2, 3, 4, 5], user: [2], named: [("audio", [5])]), "user=2 docker=3-4 audio=5"),
            (asked(nil, named: [("b", [5]), ("a", [4])]), "b=5 a=4"),
        ])
    func sharing(request: ShieldRequest, shares: String) throws {
        let shield = try shield(request)
        #expect(shield.partitions.map { "\($0.name)=\($0.cpus)" }.joined(separator: " ") == shares)
        #expect(shield.housekeeping == CPUSet(0...6).subtracting(shield.cpus))
    }

    @Test(
        "NUMA nodes follow from the CPUs unless they are given",
        arguments: [
            ([2, 3], nil, "0", "0-1"), ([4, 5], nil, "1", "0-1"), ([0, 1, 2, 3], nil, "0", "1"),
            ([2, 3], [1], "1", "0-1"),
            ([3, 4], nil, "0-1", "0-1"),
        ] as [(CPUSet, MemoryNodes?, String, String)])
    func memory(cpus: CPUSet, mems: MemoryNodes?, shielded: String, housekeeping: String) throws {
        let shield = try shield(Self.asked(cpus, mems: mems))
        #expect(shield.mems.description == shielded && shield.partitions.allSatisfy { $0.mems.description == shielded })
        #expect(shield.housekeepingMems.description == housekeeping)
    }

    @Test("one CPU outside isolcpus= is enough")
    func bootIsolated() throws {
        #expect(try shield(Self.asked([1, 2, 3]), cmdline: "isolcpus=4-7").housekeeping == [0, 4, 5, 6])
    }

    @Test("whole cores come with the memory of their node")
    func wholeCores() throws {
        let shield = try shield(Self.asked(nil, cores: CoreRequest(cores: 2)))
        #expect(shield.cpus == [5, 6] && shield.mems == [1])
        #expect(shield.partitions.map(\.cpus) == [[5, 6], [5, 6]])
    }

    @Test(
        "threads that are to idle are shielded, and in no partition unless it names them",
        arguments: [
            (asked(nil, cores: CoreRequest(cores: 2)), "2-3,6-7", "user=2-3,6-7 docker=2-3,6-7"),
            (asked(nil, cores: CoreRequest(cores: 2, threads: .off)), "2-3,6-7", "user=2-3 docker=2-3"),
            (asked(nil, user: [2], cores: CoreRequest(cores: 2, threads: .off)), "2-3,6-7", "user=2 docker=3"),
            (
                asked(nil, named: [("audio", [3, 7])], cores: CoreRequest(cores: 2, threads: .off)), "2-3,6-7",
                "user=2 docker=2 audio=3,7"
            ),
        ])
    func idleThreads(request: ShieldRequest, cpus: String, shares: String) throws {
        let topology = try #require(Topology(synthetic: "core:4 thread:2"))
        let shield = try Shield(
            request, topology: topology, boot: BootOptions(commandLine: "", possible: topology.possible))
        #expect(shield.cpus.description == cpus && shield.housekeeping == topology.online.subtracting(shield.cpus))
        #expect(shield.partitions.map { "\($0.name)=\($0.cpus)" }.joined(separator: " ") == shares)
    }
}
