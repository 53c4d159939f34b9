// SPDX-License-Identifier: Apache-2.0

import Kubelet
import MachineKit
import Testing

@Suite("The CPUs that kubelet reserves")
struct CPUReservationTests {
    private func reservation(_ text: String, on machine: String) throws -> CPUReservation {
        CPUReservation(try configuration(text), topology: try #require(Topology(synthetic: machine)))
    }

    @Test("those that are named win over any count")
    func named() throws {
        let text = "reservedSystemCPUs: 2-3,7\nsystemReserved: {cpu: \"1\"}"
        #expect(try reservation(text, on: "core:4 thread:2") == .named([2, 3, 7]))
        #expect(try reservation(text, on: "core:4 thread:2").count == 3)
    }

    @Test(
        "a count is rounded up and taken by topology",
        arguments: [
            // What kubelet's own comment has: 8 CPUs in 4 cores.
            ("core:4 thread:2", "2", "0,4"), ("core:4 thread:2", "1", "0"), ("core:4 thread:2", "1100m", "0,4"),
            ("core:4 thread:2", "3", "0-1,4"), ("core:4 thread:2", "4", "0-1,4-5"), ("core:4 thread:2", "8", "0-7"),
            ("core:8", "2", "0-1"), ("core:8", "500m", "0"),
            // Two nodes of four cores: the siblings are 0 and 8, 1 and 9; node 1 has 4-7 and 12-15.
            ("node:2 core:4 thread:2", "4", "0-1,8-9"), ("node:2 core:4 thread:2", "8", "0-3,8-11"),
            ("node:2 core:4 thread:2", "9", "0-4,8-11"), ("node:2 core:4 thread:2", "10", "0-4,8-12"),
            ("node:2 core:4 thread:2", "16", "0-15"),
        ])
    func counted(machine: String, amount: String, cpus: String) throws {
        let reservation = try reservation("systemReserved: {cpu: \"\(amount)\"}", on: machine)
        #expect(reservation.cpus?.description == cpus)
        #expect(reservation.count == reservation.cpus?.count)
    }

    @Test("what is for the system and what is for Kubernetes is added before it is rounded")
    func sum() throws {
        let text = "systemReserved: {cpu: 500m}\nkubeReserved: {cpu: 500m}"
        #expect(try reservation(text, on: "core:4").count == 1)
        #expect(try reservation(text, on: "core:4").cpus == [0])
    }

    @Test("nothing is nothing, and more than there is are no CPUs that could be told")
    func limits() throws {
        #expect(try reservation("", on: "core:4") == .counted(.zero, cpus: []))
        let tooMany = try reservation("systemReserved: {cpu: 4001m}", on: "core:4")
        #expect(tooMany.count == 5)
        #expect(tooMany.cpus == nil)
        #expect(try reservation("systemReserved: {cpu: 9E}", on: "core:4").cpus == nil)
    }

    @Test("the smallest node comes first, and a core that lacks a thread is no whole one")
    func incomplete() throws {
        var topology = try #require(Topology(synthetic: "node:2 core:2 thread:2"))
        // CPU 3 is the first thread of the second core of node 1.
        topology.online.remove(3)
        topology.nodes[1]?.remove(3)
        topology.siblings[7] = [7]
        topology.siblings[3] = nil
        func cpus(_ count: Int) throws -> String? {
            let configuration = try configuration("systemReserved: {cpu: \"\(count)\"}")
            return CPUReservation(configuration, topology: topology).cpus?.description
        }
        // kubelet takes 7 CPUs in 4 cores for cores of one thread, of which there is one.
        #expect(try cpus(1) == "7")
        #expect(try cpus(2) == "2,7")
        #expect(try cpus(3) == "2,6-7")
        #expect(try cpus(4) == "0,2,6-7")
    }

    @Test(
        "whole nodes come before whole cores, and these before threads",
        arguments: [
            (2, "2,8"), (3, "3-5"), (4, "2-5"), (5, "2-5,8"), (7, "0,2-6,8"),
        ])
    func order(count: Int, cpus: String) throws {
        var topology = try #require(Topology(synthetic: "node:2 core:3 thread:4"))
        // Node 0 keeps two cores of four threads and one of two, node 1 three cores of one.
        topology.online = [0, 6, 12, 18, 1, 7, 13, 19, 2, 8, 3, 4, 5]
        for (node, members) in topology.nodes { topology.nodes[node] = members.intersection(topology.online) }
        let configuration = try configuration("systemReserved: {cpu: \"\(count)\"}")
        #expect(CPUReservation(configuration, topology: topology).cpus?.description == cpus)
    }

    @Test(
        "with options that spread CPUs it is not told which",
        arguments: ["distribute-cpus-across-numa", "distribute-cpus-across-cores", "prefer-align-cpus-by-uncorecache"])
    func spread(option: String) throws {
        let text = "systemReserved: {cpu: \"1\"}\ncpuManagerPolicyOptions: {\(option): "
        #expect(try reservation(text + "\"true\"}", on: "core:4") == .counted(try #require(Quantity("1")), cpus: nil))
        #expect(try reservation(text + "\"false\"}", on: "core:4").cpus == [0])
    }
}
