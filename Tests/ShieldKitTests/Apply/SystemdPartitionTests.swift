// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("A pool that systemd makes a partition of")
struct SystemdPartitionTests {
    private static let knob = "/sys/fs/cgroup/rtshield.slice/cpuset.cpus.partition"
    private static let pool = ShieldRequest(cpus: [2, 3, 4, 5], placement: .pool(balanced: false))

    private func machine(_ release: Int?, kernel: String = "7.2.0") throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.systemd, kernel: kernel)
        machine.systemd?.release = release
        machine.addUsualTasks()
        return machine
    }

    private func file(_ machine: ScriptedMachine) -> String {
        machine.texts[KernelFile(.units, "rtshield.slice")] ?? ""
    }

    private func writes(_ machine: ScriptedMachine) -> [String] { machine.trace.filter { $0.contains(Self.knob) } }

    @Test("from 261 on the slice says so, and rtshield does not write behind systemd's back", arguments: [261, 262])
    func madeBySystemd(release: Int) throws {
        let machine = try machine(release)
        let before = machine.snapshot
        try machine.create(Self.pool)
        #expect(file(machine).hasSuffix("[Slice]\nAllowedCPUs=2-5\nCPUSetPartition=isolated\n"))
        #expect(machine.cpusets.groups["/rtshield.slice"]?.partition == PartitionState(.isolated))
        #expect(writes(machine) == [])
        #expect(try machine.plan(Self.pool).changesNothing)
        try machine.create(ShieldRequest(cpus: [3, 4], placement: .pool(balanced: false)))
        #expect(machine.cpusets.groups["/rtshield.slice"]?.partition == PartitionState(.isolated))
        #expect(writes(machine) == [])
        machine.clearTrace()
        try machine.destroy()
        let end = try #require(machine.trace.firstIndex(of: "write \(Self.knob) 'member'"))
        let stop = try #require(machine.trace.firstIndex { $0.hasPrefix("run systemctl stop") })
        #expect(end < stop)
        #expect(machine.differences(from: before) == [])
    }

    @Test("an older one, or one that does not answer, is not asked to", arguments: [257, 260, nil])
    func madeByHand(release: Int?) throws {
        let machine = try machine(release)
        try machine.create(Self.pool)
        #expect(!file(machine).contains("CPUSetPartition"))
        #expect(machine.cpusets.groups["/rtshield.slice"]?.partition == PartitionState(.isolated))
        #expect(writes(machine) == ["write \(Self.knob) 'isolated'"])
    }

    @Test("what systemd made stays its own when it does not answer, as in a recording")
    func recorded() throws {
        let machine = try machine(262)
        try machine.create(Self.pool)
        machine.systemd?.release = nil
        #expect(try machine.plan(Self.pool).changesNothing)
    }

    @Test("slices that were stopped are started again, as after a soft reboot", arguments: [257, 262])
    func stopped(release: Int) throws {
        let machine = try machine(release)
        let before = machine.snapshot
        try machine.create(Self.pool)
        let shielded = machine.cpusets.groups
        for group in ["rtshield-docker.slice", "rtshield-user.slice", "rtshield.slice"] {
            _ = machine.systemd?.run(["systemctl", "stop", group], on: machine)
        }
        try machine.create(Self.pool)
        #expect(machine.cpusets.groups == shielded)
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    @Test("a partition that turned invalid is made again by hand: systemd has nothing new to write")
    func repaired() throws {
        let machine = try machine(262)
        try machine.create(Self.pool)
        machine.cpusets.groups["/rtshield.slice"]?.partition.invalidReason = "hotplug"
        try machine.create(Self.pool)
        #expect(writes(machine) == ["write \(Self.knob) 'member'", "write \(Self.knob) 'isolated'"])
        #expect(machine.cpusets.groups["/rtshield.slice"]?.partition == PartitionState(.isolated))
    }

    @Test("what the kernel refuses is read back and explained, and everything is as before")
    func refused() throws {
        let machine = try machine(262, kernel: "6.12.0")
        let before = machine.snapshot
        // It comes when the shield has been planned, as a container does that starts meanwhile.
        machine.observer = { machine in
            guard machine.cpusets.groups["/neighbour"] == nil else { return }
            try? machine.cpusets.makeDirectory("/neighbour")
            try? machine.cpusets.write("+cpuset", to: "cgroup.subtree_control", of: .root)
            try? machine.cpusets.write("3", to: "cpuset.cpus", of: "/neighbour")
        }
        let error = #expect(throws: ShieldError.self) { try machine.create(Self.pool) }
        guard case .refused(let refusal)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refusal.what == "\(Self.knob) became 'isolated invalid (Cpu list in cpuset.cpus not exclusive)'")
        #expect(refusal.why.hasSuffix("group /neighbour lists CPU 3"))
        machine.observer = { _ in }
        try machine.cpusets.removeDirectory("/neighbour")
        try? machine.cpusets.write("-cpuset", to: "cgroup.subtree_control", of: .root)
        #expect(machine.differences(from: before) == [])
    }

    @Test("a systemd that does not do what it took is a refusal")
    func ignored() throws {
        let machine = try machine(262)
        machine.systemd?.release = 262
        machine.systemd?.makesPartitions = false
        let before = machine.snapshot
        #expect(throws: ShieldError.self) { try machine.create(Self.pool) }
        #expect(machine.differences(from: before) == [])
    }

    @Test(
        "the release is the first number of what the manager says",
        arguments: [("257.13-1~deb13u1\n", 257), ("v261", 261), ("262", 262), ("", nil), ("n/a", nil)])
    func release(text: String, number: Int?) {
        #expect(SystemdVersion.parse(text) == number)
    }
}
