// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import RecordedMachines
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
