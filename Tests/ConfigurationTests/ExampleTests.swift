// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Configuration
import Containers
import HookFilter
import Linux
import MachineKit
import ShieldKit
import Testing

@Suite("The example in packaging/config.yaml")
struct ExampleTests {
    private func example() throws -> String {
        let root = String(#filePath.dropLast("Tests/ConfigurationTests/ExampleTests.swift".count))
        let file = try FileDescriptor.open(root + "packaging/config.yaml", .reading)
        return String(decoding: try file.readAll(), as: UTF8.self)
    }

    @Test("as it comes it is valid, and changes nothing but the CPUs")
    func asItComes() throws {
        #expect(try Configuration(reading: example()) == Configuration(shield: ShieldRequest(cpus: [2, 3, 4, 5])))
    }

    @Test("as it comes it says nothing of containers, so that the filter lets through those that want nothing")
    func filter() throws {
        #expect(try !JSONScan(Array(example().utf8)).mayHave(key: "containers"))
    }

    @Test("each setting in it is valid, and as the comments tell it")
    func uncommented() throws {
        // All but the CPUs, which exclude the cores, and with a limit that its containers may reach.
        let lines = try example().split(separator: "\n").filter { !$0.hasPrefix("  cpus:") }.map {
            $0 == "  max-priority: 0" ? "  max-priority: 50" : $0
        }
        let configuration = try Configuration(reading: lines.map(Self.uncommented).joined(separator: "\n"))
        var shield = ShieldRequest()
        shield.cores = CoreRequest(cores: 2, node: 0, threads: .pair)
        shield.mems = [0]
        shield.userCPUs = [2, 3]
        shield.dockerCPUs = [4]
        shield.named = [NamedCPUs("audio", cpus: [5])]
        shield.attributes = NoiseSource.defaults.union([.governor, .xps]).subtracting([.rps])
        shield.irqRules = [IRQRule("eth0-*", cpus: [4])]
        var realtime = RealtimeLimits()
        realtime.maxPriority = 50
        realtime.runtime = 950_000
        var docker = RealtimeLimits.ContainerSelector()
        docker.engine = .docker
        var control = RealtimeLimits.ContainerSelector()
        control.namespace = NamePattern("control-*")
        control.image = NamePattern("*/control-loop:*")
        realtime.selectors = [docker, control]
        var containers = ContainersConfiguration(runtime: "/usr/bin/runc", opensSeccomp: true)
        containers.defaults[.irqs] = .disable
        containers.defaults[.kernelThreads] = .disable
        containers.defaults[.loadBalancing] = .disable
        containers.defaults[.quota] = .disable
        containers.defaults[.governor] = .value("performance")
        containers.defaults.realtime = RealtimeRequest(policy: .fifo, priority: 50)
        #expect(configuration == Configuration(shield: shield, realtime: realtime, containers: containers))
    }

    @Test("it names each attribute, under the right heading")
    func attributes() throws {
        let text = try example()
        func list(from start: String, to end: String) throws -> Set<String> {
            let after = try #require(text.firstRange(of: start)).upperBound
            let before = try #require(text[after...].firstRange(of: end)).lowerBound
            return Set(text[after..<before].split { ", \n#".contains($0) }.map(String.init))
        }
        let on = try list(from: "on unless left out:", to: "off unless asked for:")
        let off = try list(from: "off unless asked for:", to: "#with:")
        #expect(on == Set(NoiseSource.defaults.map(\.rawValue)))
        #expect(off == Set(NoiseSource.allCases.map(\.rawValue)).subtracting(on))
    }

    /// Takes away a '#' that no space follows.
    private static func uncommented(_ line: Substring) -> String {
        let indent = line.prefix { $0 == " " }
        let rest = line.dropFirst(indent.count)
        guard rest.first == "#", let next = rest.dropFirst().first, next != " " else { return String(line) }
        return String(indent + rest.dropFirst())
    }
}
