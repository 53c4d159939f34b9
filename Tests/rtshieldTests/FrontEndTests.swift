// SPDX-License-Identifier: Apache-2.0

import Testing
import Text

@testable import CgroupKit
@testable import MachineKit
@testable import ShieldKit
@testable import rtshield

/// A request for cores that a machine cannot meet, and what a person is told.
struct CoreRefusal: CustomTestStringConvertible, Sendable {
    var machine: String
    var cores: Int
    var node: Int?
    var offline: CPUSet = []
    var cmdline = ""
    var result: String

    var testDescription: String { "\(cores) of \(machine) \(cmdline) without \(offline): \(result)" }

    /// Why the cores cannot be had.
    var error: CoreChoiceError? {
        guard var topology = Topology(synthetic: machine) else { return nil }
        topology.online.subtract(offline)
        // The kernel takes offline CPUs out of the lists of siblings and nodes.
        topology.siblings = topology.siblings.filter { topology.online.contains($0.key) }
            .mapValues { $0.intersection(topology.online) }
        topology.nodes = topology.nodes.mapValues { $0.intersection(topology.online) }
        do throws(CoreChoiceError) {
            _ = try CoreChoice(
                CoreRequest(cores: cores, node: node), topology: topology,
                boot: BootOptions(commandLine: cmdline, possible: topology.possible))
            return nil
        } catch {
            return error
        }
    }

    static let all: [CoreRefusal] = [
        CoreRefusal(machine: "core:8", cores: 0, result: "no cores to shield: give --cores COUNT, such as --cores 2"),
        CoreRefusal(machine: "core:8", cores: -1, result: "no cores to shield: give --cores COUNT, such as --cores 2"),
        CoreRefusal(
            machine: "node:2 core:2", cores: 1, node: 2,
            result: """
                NUMA node 2 does not exist here: this machine has NUMA nodes 0-1; give one that exists, \
                or leave --numa out
                """
        ),
        CoreRefusal(
            machine: "core:2", cores: 1, node: -1,
            result: """
                NUMA node -1 does not exist here: this machine has only NUMA node 0; give one that exists, \
                or leave --numa out
                """),
        CoreRefusal(
            machine: "core:4", cores: 4,
            result: """
                4 cores were requested, but only 3 can be shielded: the core of CPU 0 stays with the system; \
                request 3, or give threads with --cpus LIST
                """),
        CoreRefusal(
            machine: "thread:2", cores: 1,
            result: """
                1 core was requested, but none can be shielded: the core of CPU 0 stays with the system; \
                give single threads with --cpus LIST
                """),
        CoreRefusal(
            machine: "node:2 core:2", cores: 2, node: 0,
            result: """
                2 cores were requested on NUMA node 0, but only 1 can be shielded: \
                the core of CPU 0 stays with the system; without --numa there are 3
                """),
        CoreRefusal(
            machine: "core:4 thread:2", cores: 3, offline: [7],
            result: """
                3 cores were requested, but only 2 can be shielded: the core of CPU 0 stays with the system, \
                CPU 3 shares its core with an offline thread; \
                bring the threads in /sys/devices/system/cpu/offline online
                """),
        CoreRefusal(
            machine: "core:4", cores: 3, cmdline: "isolcpus=0,2-3",
            result: """
                3 cores were requested, but only 2 can be shielded: the core of CPU 0 stays with the system, \
                so does the core of CPU 1, because isolcpus= contains all others; request 2, or give threads with --cpus LIST
                """),
        CoreRefusal(
            machine: "core:4", cores: 1, offline: [3], cmdline: "isolcpus=0-2",
            result: """
                isolcpus=0-2 contains every online CPU, and the kernel crashes if a shield leaves no other \
                (seen on 6.1, 6.12 and 7.2): boot with at least one CPU outside isolcpus=
                """),
    ]
}

@Suite("A refusal in the words of a front end")
struct FrontEndTests {
    @Test("a choice that cannot be made says what can be done", arguments: CoreRefusal.all)
    func refused(_ given: CoreRefusal) { #expect(given.error?.problem(in: .commandLine).line == given.result) }

    @Test(
        "options are named on the command line, and keys in a configuration",
        arguments: [
            (
                .nothingAsked, "no CPUs to shield: give --cpus LIST, such as --cpus 2-5",
                "no CPUs to shield: give 'cpus: LIST', such as 'cpus: 2-5'"
            ),
            (
                .cores(.noCores), "no cores to shield: give --cores COUNT, such as --cores 2",
                "no cores to shield: give 'cores: COUNT', such as 'cores: 2'"
            ),
            (
                .cpusAndCores([2, 3], cores: 1),
                "--cpus 2-3 and --cores 1 contradict each other: give the CPUs, or how many cores",
                "'cpus: 2-3' and 'cores: 1' contradict each other: give the CPUs, or how many cores"
            ),
            (
                .outside(partition: "user", [4], shield: [2, 3]),
                "partition 'user' requests CPU 4, which is not in the shield 2-3: add it to --cpus",
                "partition 'user' requests CPU 4, which is not in the shield 2-3: add it to 'cpus'"
            ),
        ] as [(ShieldRequestError, String, String)])
    func words(error: ShieldRequestError, option: String, key: String) {
        #expect(error.problem(in: .commandLine).line == option)
        #expect(error.problem(in: .configuration).line == key)
        #expect(!error.description.contains("--"))
    }

    @Test("the placement is named as it was written")
    func placement() {
        #expect(PlanError.bootIsolated([4]).problem(in: .commandLine).fix?.contains(", --isolated works") == true)
        #expect(
            PlanError.inTheWay([:]).problem(in: .configuration).fix?.hasSuffix("('placement: open')") == true)
        #expect(PlanError.otherPlacement.problem(in: .commandLine).fix == "run 'rtshield destroy' first")
    }
}
