// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ScriptedMachines

@Suite("CPUs that are not balanced")
struct BalancingTests {
    private func unbalanced(
        _ id: String, cpus: CPUSet, process: Int32, in parent: String = "/docker", on machine: ScriptedMachine
    ) throws -> Grant {
        var grant = try machine.launch(id, cpus: cpus, process: process, in: parent)
        grant.features[.loadBalancing] = .disabled
        return grant
    }

    private func reserved(_ machine: ScriptedMachine, _ paths: [CgroupPath]) -> [CPUSet?] {
        paths.map { machine.cpusets.groups[$0]?.reserved }
    }

    // MARK: - cgroup v1

    @Test("on cgroup v1 its group leaves load balancing, which counts once those above did")
    func legacy() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        let grant = try unbalanced("a", cpus: [2], process: 300, on: machine)
        let line =
            "/sys/fs/cgroup/cpuset/cpuset.sched_load_balance is 1, so load is still balanced over all of its CPUs; "
            + "a shield made with --isolated has it at 0"
        #expect(try machine.give(grant, strict: []) == [UnmetRequest(.loadBalancing, line)])
        #expect(machine.cpusets.groups[grant.group]?.isBalanced == false)
        for path in ["/", "/docker"] as [CgroupPath] { machine.cpusets.groups[path]?.isBalanced = false }
        #expect(try machine.give(grant) == [])
        machine.cpusets.groups["/docker"]?.isBalanced = true
        #expect(
            try machine.give(grant, strict: []).map(\.line).first?.contains("/cpuset/docker/cpuset.sched_load") == true)
    }

    @Test("on cgroup v1 the unmet keeps a container from starting that must have it")
    func legacyStrict() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        let grant = try unbalanced("a", cpus: [2], process: 300, on: machine)
        #expect(throws: GrantError.self) { try machine.give(grant) }
        #expect(machine.texts[Ledger.file] == nil)
    }

    // MARK: - cgroup v2

    @Test("from 6.7 on it is a partition of its own, for which every group above reserves its CPUs")
    func remote() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        try machine.add(group: "/kubepods/pod1/idle", cpus: "0-7")
        let before = machine.snapshot
        let grant = try unbalanced("a", cpus: [2, 3], process: 300, in: "/kubepods/pod1", on: machine)
        machine.cpusets.groups["/kubepods/pod1/idle"]?.cpus = [0, 1]
        #expect(try machine.give(grant) == [])
        let path = grant.group
        #expect(machine.cpusets.groups[path]?.partition == PartitionState(.isolated))
        #expect(reserved(machine, ["/", "/kubepods", "/kubepods/pod1", path]) == [[], [2, 3], [2, 3], [2, 3]])
        #expect(machine.cpusets.effective(.root) == [0, 1, 4, 5, 6, 7])
        try machine.end(grant)
        machine.cpusets.groups["/kubepods/pod1/idle"]?.cpus = CPUSet(0...7)
        #expect(machine.differences(from: before) == [])
    }

    @Test("before 6.7 the kernel's reason is told, and no invalid partition stays behind")
    func tooOld() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.1.0")
        let grant = try unbalanced("a", cpus: [2, 3], process: 300, on: machine)
        let line =
            "/sys/fs/cgroup/docker/a/cpuset.cpus.partition says 'isolated invalid (Parent is not a partition root)'; "
            + "a container can only be isolated from Linux 6.7 on"
        #expect(try machine.give(grant, strict: []) == [UnmetRequest(.loadBalancing, line)])
        #expect(machine.cpusets.groups[grant.group]?.partition == PartitionState(.member))
        #expect(throws: GrantError.refused([UnmetRequest(.loadBalancing, line)])) { try machine.give(grant) }
        #expect(machine.texts[Ledger.file] == nil)
    }

    @Test("a sibling that is narrowed a moment later does not keep it from being isolated")
    func patience() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        try machine.add(group: "/docker/shared", cpus: "0-7")
        let grant = try unbalanced("a", cpus: [2, 3], process: 300, on: machine)
        machine.observer = { machine in
            let tries = machine.trace.filter { $0.contains("cpuset.cpus.partition 'isolated'") }.count
            if tries == 2 { try? machine.cpusets.write("0-1", to: "cpuset.cpus", of: "/docker/shared") }
        }
        #expect(try machine.give(grant) == [])
        #expect(machine.cpusets.groups[grant.group]?.partition == PartitionState(.isolated))
    }

    @Test("a sibling that keeps the CPUs is the reason that is told, with nothing about versions")
    func sibling() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        try machine.add(group: "/docker/shared", cpus: "0-7")
        let grant = try unbalanced("a", cpus: [2, 3], process: 300, on: machine)
        let before = machine.snapshot
        let line =
            "/sys/fs/cgroup/docker/a/cpuset.cpus.partition says 'isolated invalid (Cpu list in cpuset.cpus not exclusive)'"
        #expect(throws: GrantError.refused([UnmetRequest(.loadBalancing, line)])) { try machine.give(grant) }
        #expect(machine.differences(from: before) == [])
    }

    @Test("of two siblings the reservations above are the sum, and shrink from below", arguments: [true, false])
    func union(isFirstFirst: Bool) throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        // Names that sort before and after those of files.
        let first = try unbalanced("0a", cpus: [2, 3], process: 300, in: "/docker/b0", on: machine)
        let second = try unbalanced("xy", cpus: [5], process: 301, in: "/docker/b0", on: machine)
        try machine.give(first)
        try machine.give(second)
        #expect(
            reserved(machine, ["/docker", "/docker/b0", first.group, second.group]) == [
                [2, 3, 5], [2, 3, 5], [2, 3], [5],
            ])
        machine.clearTrace()
        let (ended, left) = isFirstFirst ? (first, second) : (second, first)
        // It is still there: only its grant ends.
        var granting = try machine.granting()
        try granting.release(ended.id)
        #expect(reserved(machine, ["/docker", "/docker/b0", ended.group]) == [left.cpus, left.cpus, []])
        let order = machine.trace.filter { $0.contains("cpuset.cpus.exclusive") }.compactMap {
            $0.split(separator: " ").dropFirst().first
        }
        let files = [ended.group, "/docker/b0", "/docker"].map { machine.path(of: $0.file("cpuset.cpus.exclusive")) }
        #expect(order.map(String.init) == files)
        #expect(machine.cpusets.groups[left.group]?.partition == PartitionState(.isolated))
        try machine.end(left)
        #expect(reserved(machine, ["/docker", "/docker/b0"]) == [[], []] && machine.texts[Ledger.file] == nil)
    }

    @Test("what somebody else reserved stays reserved")
    func foreign() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        let grant = try unbalanced("a", cpus: [2], process: 300, on: machine)
        try machine.cpusets.write("2,6", to: "cpuset.cpus.exclusive", of: "/docker")
        #expect(try machine.give(grant) == [])
        try machine.end(grant)
        #expect(reserved(machine, ["/docker"]) == [[2, 6]])
    }

    @Test("CPUs of a container that is gone are free before anybody was told of its end")
    func successor() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        let old = try unbalanced("a", cpus: [2, 3], process: 300, in: "/kubepods/pod1", on: machine)
        try machine.give(old)
        try machine.vanish(old)
        let new = try unbalanced("b", cpus: [2, 3], process: 301, in: "/kubepods/pod2", on: machine)
        #expect(try machine.give(new) == [])
        #expect(reserved(machine, ["/kubepods", "/kubepods/pod1", "/kubepods/pod2"]) == [[2, 3], [], [2, 3]])
        try machine.end(old)
        #expect(machine.cpusets.groups[new.group]?.partition == PartitionState(.isolated))
        try machine.end(new)
        #expect(reserved(machine, ["/kubepods", "/kubepods/pod2"]) == [[], []] && machine.texts[Ledger.file] == nil)
    }
}
