// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Configuration
import Containers
import Linux
import MachineKit
import ShieldKit
import Testing

@Suite("Reading a configuration")
struct ConfigurationTests {
    private static let full = """
        shield:                    # everything there is
          cpus: 2-5,8
          placement: isolated
          mems: 0
          partitions:
            user: 2-3
            zither: 8
            audio: 5
            docker: 4
          with: [governor, xps]
          without: [rps]
          irqs:
            - match: "eth0-*"
              cpus: 4
            - {match: 24, cpus: "2,3"}
        realtime:
          max-priority: 80
          policies: [fifo, deadline]
          above: clamp
          runtime-us: 950000
        """

    @Test("a configuration that says everything is understood", arguments: ["\n", "\r\n"])
    func everything(lineEnd: String) throws {
        let text = Self.full.split(separator: "\n").joined(separator: lineEnd)
        let configuration = try Configuration(reading: text)
        var shield = ShieldRequest(cpus: [2, 3, 4, 5, 8], placement: .pool(balanced: false))
        shield.userCPUs = [2, 3]
        shield.dockerCPUs = [4]
        shield.named = [NamedCPUs("zither", cpus: [8]), NamedCPUs("audio", cpus: [5])]
        shield.mems = [0]
        shield.attributes = [
            .irqs, .irqbalance, .workqueues, .kernelThreads, .timerMigration, .vmstat, .watchdog, .governor, .xps,
        ]
        shield.irqRules = [IRQRule("eth0-*", cpus: [4]), IRQRule("24", cpus: [2, 3])]
        var realtime = RealtimeLimits()
        realtime.maxPriority = 80
        realtime.policies = [.fifo, .deadline]
        realtime.above = .clamp
        realtime.runtime = 950_000
        #expect(configuration == Configuration(shield: shield, realtime: realtime))
    }

    @Test("how containers are started is read alone too, whatever is wrong elsewhere")
    func containers() throws {
        let text = "containers:\n  runtime: /usr/bin/crun\n  open-seccomp: true\n"
        let expected = ContainersConfiguration(runtime: "/usr/bin/crun", opensSeccomp: true)
        #expect(try Configuration(reading: "shield: {cpus: 2}\n" + text).containers == expected)
        for other in ["", "shield: {cpus: 2}\n", "shield: 3-\nrealtime: [x]\n", "colour: red\n"] {
            #expect(try ContainersConfiguration(reading: Array((other + text).utf8)) == expected)
        }
        for nothing in ["", "# containers:\n", "containers:\n", "containers: {runtime: , open-seccomp: false}", "- x"] {
            #expect(try ContainersConfiguration(reading: Array(nothing.utf8)) == ContainersConfiguration())
        }
    }

    @Test("a machine that shields nothing may say what containers may have")
    func noShield() throws {
        let realtime = try Configuration(reading: "realtime: {max-priority: 50}")
        #expect(realtime.shield == nil)
        #expect(realtime.realtime.maxPriority == 50)
        let containers = try Configuration(reading: "containers: {open-seccomp: true}")
        #expect(containers == Configuration(containers: ContainersConfiguration(opensSeccomp: true)))
        #expect(try Configuration(reading: "realtime:\ncontainers:\n") == Configuration())
    }

    @Test("what is left out has its default")
    func defaults() throws {
        let configuration = try Configuration(reading: "shield:\n  cpus: 3\n")
        #expect(configuration.shield == ShieldRequest(cpus: [3], placement: .open))
        #expect(configuration.shield?.attributes == NoiseSource.defaults)
        #expect(configuration.realtime.maxPriority == 0)
        #expect(configuration.realtime.policies == [.fifo, .rr])
        #expect(configuration.realtime.above == .deny)
        #expect(configuration.realtime.runtime == nil)
    }

    @Test("a section of which only the key is left has its defaults")
    func emptySections() throws {
        let text = """
            shield:
              cpus: "3"
              partitions:
                # user: 2
              with:
              without:
              irqs:
            realtime:
              policies:
            """
        #expect(try Configuration(reading: text) == Configuration(reading: "shield: {cpus: 3}"))
        let realtime = try Configuration(reading: "shield: {cpus: 3}\nrealtime:\n  # above: deny\n").realtime
        #expect(realtime == RealtimeLimits())
    }

    @Test("an empty list of policies allows none")
    func noPolicies() throws {
        #expect(try Configuration(reading: "shield: {cpus: 3}\nrealtime: {policies: []}").realtime.policies == [])
    }

    @Test(
        "cores may be asked for instead of CPUs",
        arguments: [
            ("cores: 2", CoreRequest(cores: 2)),
            ("cores: 2\n  numa: 1", CoreRequest(cores: 2, node: 1)),
            ("cores: 1\n  numa: 0\n  smt: off", CoreRequest(cores: 1, node: 0, threads: .off)),
            ("smt: pair\n  cores: '16'", CoreRequest(cores: 16, threads: .pair)),
        ])
    func cores(text: String, request: CoreRequest) throws {
        let shield = try #require(Configuration(reading: "shield:\n  \(text)\n").shield)
        #expect(shield.cores == request)
        #expect(shield.cpus == nil)
    }

    @Test("partitions alone give CPUs")
    func partitionsAlone() throws {
        let shield = try #require(Configuration(reading: "shield: {partitions: {audio: 5}}").shield)
        #expect(shield.cpus == nil)
        #expect(shield.named == [NamedCPUs("audio", cpus: [5])])
    }

    @Test(
        "each placement has a word",
        arguments: [
            ("open", Placement.open), ("exclusive", .pool(balanced: true)), ("isolated", .pool(balanced: false)),
        ])
    func placements(word: String, placement: Placement) throws {
        #expect(try Configuration(reading: "shield: {cpus: 3, placement: \(word)}").shield?.placement == placement)
    }

    @Test("each attribute can be switched on and off, alone or in a list", arguments: NoiseSource.allCases)
    func attributes(_ attribute: NoiseSource) throws {
        func attributes(_ setting: String) throws -> Set<NoiseSource>? {
            try Configuration(reading: "shield:\n  cpus: 3\n  \(setting)\n").shield?.attributes
        }
        let word = attribute.rawValue
        #expect(try attributes("with: \(word)") == NoiseSource.defaults.union([attribute]))
        #expect(try attributes("with: [\(word)]") == NoiseSource.defaults.union([attribute]))
        #expect(try attributes("without:\n    - \(word)") == NoiseSource.defaults.subtracting([attribute]))
    }

    @Test("each policy and each answer to excess has a word")
    func realtimeWords() throws {
        for policy in ["fifo", "rr", "deadline"] {
            let realtime = try Configuration(reading: "shield: {cpus: 3}\nrealtime: {policies: \(policy)}").realtime
            #expect(realtime.policies.map(\.rawValue) == [policy])
        }
        for answer in ["deny", "clamp", "ignore"] {
            let realtime = try Configuration(reading: "shield: {cpus: 3}\nrealtime: {above: \(answer)}").realtime
            #expect(realtime.above.rawValue == answer)
        }
    }

    @Test("who may ask is a list of descriptions")
    func selectors() throws {
        let text = """
            shield: {cpus: 3}
            realtime:
              who:
                - engine: cri-o
                  namespace: "control-*"
                - {image: "*/rt:?", annotation: "example.org/rt=a=b"}
                - annotation: example.org/rt
            """
        var first = RealtimeLimits.ContainerSelector()
        first.engine = .crio
        first.namespace = NamePattern("control-*")
        var second = RealtimeLimits.ContainerSelector()
        second.image = NamePattern("*/rt:?")
        second.annotation = .init("example.org/rt", value: NamePattern("a=b"))
        var third = RealtimeLimits.ContainerSelector()
        third.annotation = .init("example.org/rt")
        #expect(try Configuration(reading: text).realtime.selectors == [first, second, third])
        #expect(try Configuration(reading: "shield: {cpus: 3}\nrealtime: {who: []}").realtime.selectors == [])
        #expect(try Configuration(reading: "shield: {cpus: 3}\nrealtime:\n  who:\n").realtime.selectors == nil)
    }

    @Test("the ends of each range belong to it")
    func ranges() throws {
        for (priority, runtime) in [(0, 1), (99, 1_000_000)] {
            let text = "shield: {cpus: 3}\nrealtime: {max-priority: \(priority), runtime-us: \(runtime)}"
            let realtime = try Configuration(reading: text).realtime
            #expect(realtime.maxPriority == priority)
            #expect(realtime.runtime == runtime)
        }
    }
}
