// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Containers that run")
struct ContainerTests {
    private static let hooks = #"{"createRuntime": [{"path": "/usr/local/sbin/rtshield-hook"}]}"#

    @Test("one that asked for nothing is kept off the shield")
    func shared() throws {
        var machine = try MachineText.shielded()
        machine.container(1, effective: "0-1,6-7")
        machine.container(2, cpus: "3", effective: "3")
        #expect(try severities(of: .sharedContainers, on: machine) == [])
        #expect(try severities(of: .containerConfigurations, on: machine) == [.ok])
        machine.container(3, effective: "0-7")
        let remarks = try remarks(of: .sharedContainers, on: machine)
        #expect(remarks.map(\.severity) == [.warning])
        #expect(remarks.first?.what == "docker 000000000000 asked for no CPUs and may run on quiet CPUs 2-5")
    }

    @Test("one that ended is none, and one whose configuration is broken is told", arguments: ["{", "[]", "\u{0}"])
    func broken(text: String) throws {
        var machine = try MachineText.shielded()
        machine.file("run/runc/ended/config.json", text)
        #expect(try severities(of: .containerConfigurations, on: machine) == [])
        machine.container(4, effective: "0-7")
        machine.file("run/containerd/io.containerd.runtime.v2.task/moby/\(MachineText.id(4))/config.json", text)
        #expect(try severities(of: .containerConfigurations, on: machine) == [.warning])
    }

    @Test("one with CPUs of its own that was granted nothing is told")
    func ungranted() throws {
        var machine = try MachineText.shielded()
        machine.container(1, cpus: "2", effective: "2", annotations: ["irq-load-balancing.crio.io": "disable"])
        let remarks = try remarks(of: .ungranted, on: machine)
        #expect(remarks.map(\.severity) == [.warning])
        #expect(remarks.first?.fix?.hasPrefix("rtshield install docker") == true)
        machine.ledger(MachineText.grant(1, cpus: "2"))
        #expect(try severities(of: .ungranted, on: machine) == [])
        #expect(try severities(of: .unheardRequests, on: machine) == [])
    }

    @Test("annotations that nobody acts on are noted")
    func unheard() throws {
        var machine = try MachineText.shielded()
        machine.container(1, effective: "0", annotations: ["cpu-quota.crio.io": "disable", "a": "b"])
        machine.container(2, effective: "0", annotations: ["rtshield.io/cpus": "shared"], hooks: Self.hooks)
        machine.container(3, effective: "0")
        let remarks = try remarks(of: .unheardRequests, on: machine)
        #expect(remarks.map(\.severity) == [.note])
        #expect(remarks.first?.what.contains("has cpu-quota.crio.io, and nobody") == true)
    }

    @Test("a quota on CPUs of its own is noted")
    func quota() throws {
        var machine = try MachineText.shielded()
        machine.container(1, cpus: "2", effective: "2")
        let file = "sys/fs/cgroup/system.slice/docker-\(MachineText.id(1)).scope/cpu.max"
        machine.file(file, "max 100000\n")
        #expect(try severities(of: .quotas, on: machine) == [])
        machine.file(file, "50000 100000\n")
        #expect(try severities(of: .quotas, on: machine) == [.note])
    }

    @Test("pods that run on CPUs of another one are told")
    func neighbours() throws {
        var machine = MachineText(online: "0-7", unified: true)
        machine.file(
            "var/lib/kubelet/cpu_manager_state",
            #"{"policyName":"static","defaultCpuSet":"0-1,6-7","entries":{"a":{"app":"2-3"}},"checksum":1}"#)
        machine.podContainer(1, pod: "a", name: "app", cpus: "2-3", effective: "2-3")
        machine.podContainer(2, pod: "b", name: "web", cpus: "0-1,6-7", effective: "0-1,6-7", quality: "burstable-")
        #expect(try severities(of: .podNeighbours, on: machine) == [])
        machine.podContainer(3, pod: "a", name: "", cpus: "", effective: "0-7", isSandbox: true)
        #expect(try severities(of: .podNeighbours, on: machine) == [])
        machine.podContainer(4, pod: "b", name: "", cpus: "", effective: "0-7", isSandbox: true)
        machine.podContainer(5, pod: "c", name: "late", cpus: "0-7", effective: "0-7", quality: "burstable-")
        let remarks = try remarks(of: .podNeighbours, on: machine)
        #expect(remarks.map(\.severity) == [.warning, .note])
        #expect(remarks.last?.what.hasPrefix("pause containers may run") == true)
    }

    @Test("a node of 200 containers is looked at in a moment")
    func many() throws {
        var machine = try MachineText.shielded()
        for number in 1...200 { machine.container(number, effective: "0-1") }
        let directory = try RecordedMachine(files: machine.files)
        let shielding = try ShieldOperations(DirectoryMachine(directory.path))
        let duration = ContinuousClock().measure {
            let report = CheckReport(
                of: Evidence(shielding, files: HostFiles(root: directory.path)), topics: [.containers])
            #expect(report.worst == .ok)
        }
        // Without optimisation it takes some times as long as it may.
        #expect(duration < .seconds(2))
    }
}
