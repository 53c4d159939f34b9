// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Groups of others")
struct ForeignGroupsTests {
    @Test("what cset made keeps engines from starting containers")
    func exclusives() throws {
        var machine = MachineText(online: "0-7", unified: false)
        machine.group("/user", cpus: "2-5", effective: "2-5")
        #expect(try severities(of: .foreignExclusives, on: machine) == [])
        machine.file("sys/fs/cgroup/cpuset/user/cpuset.cpu_exclusive", "1\n")
        let alone = try remarks(of: .foreignExclusives, on: machine)
        #expect(alone.map(\.severity) == [.warning])
        #expect(alone.first?.fix == "cset shield --reset")
        machine.process(50, "dockerd")
        #expect(try severities(of: .foreignExclusives, on: machine) == [.error])
    }

    @Test("partitions of others are noted, told where they have quiet CPUs or are invalid")
    func partitions() throws {
        var machine = try MachineText.shielded()
        machine.group("/rtshield", cpus: "2-3", effective: "2-3", partition: "isolated")
        machine.group("/plain", cpus: "0", effective: "0", partition: "member")
        #expect(try severities(of: .foreignPartitions, on: machine) == [])
        machine.group("/a", cpus: "0", effective: "0", partition: "root")
        machine.group("/b", cpus: "2", effective: "2", partition: "root")
        machine.group(
            "/c", cpus: "1", effective: "1", partition: "isolated invalid (Cpu list in cpuset.cpus not exclusive)")
        #expect(try severities(of: .foreignPartitions, on: machine) == [.note, .warning, .warning])
    }

    /// A host of Linux 7.0: partitions keep their CPUs, and a group beside them that lists these loses them.
    private func modern(shielded: Bool = true) throws -> MachineText {
        var machine = shielded ? try MachineText.shielded() : MachineText(online: "0-7", unified: true)
        machine.group("", cpus: nil, effective: "0-5,7")
        machine.group("/system", cpus: "0-1,6-7", effective: "0-1,7", partition: "member")
        return machine
    }

    @Test(
        "a partition that takes a housekeeping CPU is told, local or remote, balanced or isolated",
        arguments: [true, false])
    func housekeeping(isLocal: Bool) throws {
        var machine = try modern()
        if isLocal {
            machine.group("/foreign", cpus: "6", effective: "6", partition: "root")
        } else {
            machine.group("/far", cpus: "", effective: "0-5,7", partition: "member")
            machine.file("sys/fs/cgroup/far/cpuset.cpus.exclusive", "6\n")
            // It lists no CPUs at all: what it has is what it reserved (6.11).
            machine.group("/far/foreign", cpus: "", effective: "6", partition: "isolated")
            machine.file("sys/fs/cgroup/far/foreign/cpuset.cpus.exclusive.effective", "6\n")
        }
        let found = try remarks(of: .foreignPartitions, on: machine)
        #expect(found.map(\.severity) == [.warning])
        #expect(found.first?.what.contains("partition of CPUs 6,") == true)
        #expect(found.first?.what.contains("takes housekeeping CPUs 6") == true)
        #expect(found.first?.fix?.hasSuffix("foreign/cpuset.cpus.partition") == true)
        #expect(try severities(of: .lostCPUs, on: machine) == [])
    }

    @Test("without a shield it is told where a group asks for its CPUs in vain")
    func loser() throws {
        var machine = try modern(shielded: false)
        machine.group("/foreign", cpus: "6", effective: "6", partition: "isolated")
        let found = try remarks(of: .foreignPartitions, on: machine)
        #expect(found.map(\.severity) == [.warning])
        #expect(found.first?.what.contains("/system requests CPUs 6 of it and does not get them") == true)
        // Who lists every CPU, as engines do, asks for none.
        machine.group("/system", cpus: "0-7", effective: "0-5,7", partition: "member")
        #expect(try severities(of: .foreignPartitions, on: machine) == [.note])
    }

    @Test("CPUs that neither the root group nor a partition has are told")
    func lost() throws {
        var machine = try modern(shielded: false)
        let found = try remarks(of: .lostCPUs, on: machine)
        #expect(found.map(\.severity) == [.warning])
        #expect(found.first?.fix?.contains("echo 6 > $g/cpuset.cpus") == true)
        machine.group("/invalid", cpus: "6", effective: "0-5,7", partition: "isolated invalid")
        #expect(try severities(of: .lostCPUs, on: machine) == [.warning])
        machine.group("/valid", cpus: "6", effective: "6", partition: "isolated")
        #expect(try severities(of: .lostCPUs, on: machine) == [])
        // What looks like a root inside a cgroup namespace has what its parent gives.
        var inside = try modern(shielded: false)
        inside.group("", cpus: "0-5,7", effective: "0-5,7")
        #expect(try severities(of: .lostCPUs, on: inside) == [])
    }

    @Test("reserved CPUs that no partition has are told")
    func stale() throws {
        var machine = MachineText(online: "0-7", unified: true)
        machine.group("/pods", cpus: "0-7", effective: "0-7", partition: "member")
        machine.file("sys/fs/cgroup/pods/cpuset.cpus.exclusive", "2-3\n")
        #expect(try severities(of: .staleExclusives, on: machine) == [.warning])
        machine.group("/pods/one", cpus: "2-3", effective: "2-3", partition: "isolated")
        #expect(try severities(of: .staleExclusives, on: machine) == [])
    }
}
