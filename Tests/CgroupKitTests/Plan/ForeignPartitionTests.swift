// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit

@Suite("Partitions of others")
struct ForeignPartitionTests {
    /// A host on which somebody has CPUs 6-7 to himself.
    private func machine(_ kernel: String, cmdline: String = "quiet", cpus: String = "6-7") throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.v2, kernel: kernel, cmdline: cmdline)
        machine.addUsualTasks()
        try machine.add(group: "/guests", cpus: cpus)
        try machine.cpusets.write("isolated", to: "cpuset.cpus.partition", of: "/guests")
        #expect(machine.cpusets.groups["/guests"]?.partition == PartitionState(.isolated))
        return machine
    }

    private static let placements: [Placement] = [.open, .pool(balanced: true), .pool(balanced: false)]

    @Test(
        "they stay valid whatever shield is made beside them, and destroy leaves them so",
        arguments: ["6.1.0", "6.12.0", "7.2.0"], placements)
    func stayValid(kernel: String, placement: Placement) throws {
        let machine = try machine(kernel)
        let before = machine.snapshot
        try machine.create(ShieldRequest(cpus: [2, 3, 4], placement: placement))
        #expect(machine.cpusets.groups["/guests"]?.partition == PartitionState(.isolated))
        let current = try #require(try ShieldOperations(machine).current)
        #expect(current.shield.housekeeping == [0, 1, 5])
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
        #expect(machine.cpusets.groups["/guests"]?.partition == PartitionState(.isolated))
    }

    @Test("CPUs that one has are refused as the shield's", arguments: placements)
    func overlap(placement: Placement) throws {
        let machine = try machine("7.2.0")
        #expect(throws: ShieldError.request(.inPartition([6]))) {
            try machine.plan(ShieldRequest(cpus: [5, 6], placement: placement))
        }
    }

    @Test("a shield that leaves only CPUs of isolcpus= beside them is refused: the kernel crashes")
    func crash() throws {
        let machine = try machine("6.12.0", cmdline: "isolcpus=4-5")
        #expect(throws: ShieldError.request(.onlyBootIsolatedLeft(left: [4, 5], isolated: [4, 5]))) {
            try machine.plan(ShieldRequest(cpus: [0, 1, 2, 3], placement: .pool(balanced: true)))
        }
        _ = try machine.plan(ShieldRequest(cpus: [1, 2, 3], placement: .pool(balanced: true)))
        #expect(throws: ShieldError.request(.housekeepingEmpty(online: [0, 1, 2, 3, 4, 5]))) {
            try machine.plan(ShieldRequest(cpus: CPUSet(0...5)))
        }
    }

    @Test("housekeeping gets back what one gives back with the next create")
    func givenBack() throws {
        let machine = try machine("7.2.0")
        let request = ShieldRequest(cpus: [2, 3, 4])
        try machine.create(request)
        #expect(machine.cpusets.effective("/system") == [0, 1, 5])
        try machine.cpusets.write("member", to: "cpuset.cpus.partition", of: "/guests")
        try machine.create(request)
        #expect(machine.cpusets.effective("/system") == [0, 1, 5, 6, 7])
    }

    @Test(
        "kernel threads get back what one has, when it ends after the shield does",
        arguments: ["6.12.0", "7.2.0"], placements)
    func outlives(kernel: String, placement: Placement) throws {
        let machine = try ScriptedMachine(.v2, kernel: kernel)
        machine.addUsualTasks()
        try machine.add(group: "/guests", cpus: "6-7")
        let before = machine.snapshot
        try machine.cpusets.write("isolated", to: "cpuset.cpus.partition", of: "/guests")
        try machine.create(ShieldRequest(cpus: [2, 3, 4], placement: placement))
        try machine.destroy()
        try machine.cpusets.write("member", to: "cpuset.cpus.partition", of: "/guests")
        #expect(machine.differences(from: before) == [])
    }

    @Test(
        "a shield that ended beside one leaves no list that keeps a pool from being made, or services narrow",
        arguments: placements)
    func listsLeft(placement: Placement) throws {
        let machine = try ScriptedMachine(.systemd, kernel: "6.12.0")
        for (id, path) in [(Int32(1), "/init.scope"), (400, "/system.slice/cron.service")] {
            if machine.cpusets.groups[CgroupPath(path)] == nil { try machine.add(group: path) }
            machine.add(task: id, "task", in: path)
        }
        try machine.add(group: "/guests.slice", cpus: "6")
        try machine.cpusets.write("isolated", to: "cpuset.cpus.partition", of: "/guests.slice")
        try machine.create(ShieldRequest(cpus: [2, 3]))
        try machine.destroy()
        try machine.cpusets.write("member", to: "cpuset.cpus.partition", of: "/guests.slice")
        #expect(machine.cpusets.effective("/system.slice/cron.service") == CPUSet(0...7))
        try machine.create(ShieldRequest(cpus: [2, 3], placement: placement))
        try machine.destroy()
        #expect(machine.cpusets.effective("/system.slice/cron.service") == CPUSet(0...7))
    }

    @Test(
        "what one takes from tasks under a shield is not their choice",
        arguments: ["6.12.0", "7.2.0"])
    func comesLater(kernel: String) throws {
        let machine = try ScriptedMachine(.v2, kernel: kernel)
        machine.addUsualTasks()
        try machine.add(group: "/guests", cpus: "6-7")
        let before = machine.snapshot
        try machine.create(ShieldRequest(cpus: [2, 3, 4], placement: .pool(balanced: true)))
        try machine.cpusets.write("isolated", to: "cpuset.cpus.partition", of: "/guests")
        try machine.destroy()
        try machine.cpusets.write("member", to: "cpuset.cpus.partition", of: "/guests")
        #expect(machine.differences(from: before) == [])
    }

    @Test(
        "kernel threads that nohz_full= keeps on the housekeeping CPUs are there again afterwards",
        arguments: ["6.12.0", "7.2.0"])
    func tickless(kernel: String) throws {
        let machine = try ScriptedMachine(.v2, kernel: kernel, cmdline: "nohz_full=2-5")
        machine.addUsualTasks()
        machine.add(task: 50, "rcu_preempt", affinity: [0, 1, 6, 7], parent: 2, flags: ScriptedTask.kernel)
        // The kernel did that, and takes it for nobody's choice.
        machine.cpusets.tasks[50]?.chosen = nil
        let before = machine.snapshot
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5], placement: .pool(balanced: false)))
        try machine.destroy()
        #expect(try machine.cpusets.affinity(of: 50) == [0, 1, 6, 7])
        // What was the kernel's is its own choice by now, and means the same.
        #expect(machine.differences(from: before).allSatisfy { $0.contains("task 50 ") })
    }
}
