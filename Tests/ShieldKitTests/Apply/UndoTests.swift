// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Undoing")
struct UndoTests {
    private let request = ShieldRequest(cpus: [2, 3, 4, 5])

    private func shielded(_ kind: ScriptedMachine.Kind = .v1, _ kernel: String = "6.12.0") throws -> ScriptedMachine {
        let machine = try ScriptedMachine(kind, kernel: kernel)
        try machine.add(group: "/docker/plain", cpus: "0-7")
        machine.add(task: 50, "nginx", in: "/docker/plain")
        try machine.create(request)
        return machine
    }

    @Test("without a shield there is nothing to undo")
    func nothing() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        #expect(try machine.destroy() == nil && machine.trace == [])
    }

    @Test("what somebody else wrote since is left and reported")
    func foreign() throws {
        let machine = try shielded()
        try machine.cpusets.write("6", to: "cpuset.cpus", of: "/docker/plain")
        let report = try #require(try machine.destroy())
        #expect(report.foreign.map(\.path) == ["/sys/fs/cgroup/cpuset/docker/plain/cpuset.cpus"])
        #expect(report.foreign[0].why.contains("'6'") && report.unfinished == [])
        #expect(machine.cpusets.groups["/docker/plain"]?.cpus == [6] && machine.cpusets.groups["/system"] == nil)
        #expect(machine.texts[Journal.file] == nil)
    }

    @Test("a container that ended meanwhile is no trouble")
    func ended() throws {
        let machine = try shielded()
        machine.cpusets.tasks[50] = nil
        try machine.cpusets.removeDirectory("/docker/plain")
        let report = try #require(try machine.destroy())
        #expect(report.foreign == [] && report.unfinished == [])
    }

    @Test("programs that still run on the shield go to the parent, with all CPUs", arguments: ["6.1.0", "6.12.0"])
    func evacuation(kernel: String) throws {
        let machine = try shielded(.v1, kernel)
        for id in Int32(60)..<64 { machine.add(task: id, "radio", in: "/user", forks: 3) }
        let report = try #require(try machine.destroy())
        #expect(machine.cpusets.groups["/user"] == nil && report.evacuated == 16)
        #expect(
            machine.cpusets.tasks.values.allSatisfy {
                $0.name != "radio" || ($0.group == .root && $0.affinity == CPUSet(0...7))
            })
    }

    @Test("children that PID 1 started under the shield are widened, and what narrowed itself is not")
    func heirs() throws {
        let machine = try shielded()
        machine.add(task: 70, "fallback", affinity: [0, 1, 6, 7])
        machine.cpusets.tasks[70]?.startTime = BootClock.ticks
        machine.add(task: 71, "old", affinity: [0, 1, 6, 7])
        machine.cpusets.tasks[71]?.startTime = 0
        try machine.destroy()
        #expect(
            machine.cpusets.tasks[70]?.affinity == CPUSet(0...7) && machine.cpusets.tasks[71]?.affinity == [0, 1, 6, 7])
    }

    @Test("an id that another task got since is left alone")
    func reused() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.12.0")
        machine.add(task: 12, "kswapd0", flags: ScriptedTask.kernel)
        try machine.create(request)
        machine.add(task: 12, "other", affinity: [6], flags: ScriptedTask.kernel)
        machine.cpusets.tasks[12]?.startTime = .max
        try machine.destroy()
        #expect(machine.cpusets.tasks[12]?.affinity == [6])
    }

    @Test("an affinity chosen under the shield is kept", arguments: ["6.1.0", "6.12.0"])
    func chosen(kernel: String) throws {
        let machine = try ScriptedMachine(.v1, kernel: kernel)
        machine.add(task: 80, "bash")
        try machine.create(request)
        try machine.setAffinity([6], of: 80)
        try machine.destroy()
        #expect(machine.cpusets.tasks[80]?.affinity == [6] && machine.cpusets.tasks[80]?.group == .root)
    }

    @Test("a parent of containers that was widened after a CPU was gone is put back when the groups below are")
    func widenedParent() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.12.0")
        try machine.add(group: "/docker", cpus: "0-7")
        try machine.create(request)
        // What taking a CPU offline and online again leaves of v1 groups.
        for path in ["/docker", "/docker/rtshield", "/user"] as [CgroupPath] {
            machine.cpusets.groups[path]?.cpus.subtract([3])
        }
        try machine.create(request)
        #expect(machine.cpusets.groups["/docker"]?.cpus == [0, 1, 2, 3, 4, 5, 6, 7])
        #expect(machine.cpusets.groups["/docker/rtshield"]?.cpus == [2, 3, 4, 5])
        let report = try #require(try machine.destroy())
        #expect(report.unfinished == [] && report.foreign == [])
        #expect(machine.cpusets.groups["/docker"]?.cpus == [0, 1, 2, 4, 5, 6, 7])
    }

    @Test("a group that a task has just left is busy for a moment, and removed after it")
    func passingBusy() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.12.0")
        machine.addUsualTasks()
        let before = machine.snapshot
        try machine.create(request)
        machine.faults.passing = ("cpuset/system", .busy, 3)
        let report = try #require(try machine.destroy())
        #expect(report.unfinished == [] && machine.differences(from: before) == [])
    }

    @Test(
        "what cannot be undone now stays in the journal, and a second destroy finishes",
        arguments: ["/system", "/docker/rtshield"])
    func unfinished(path: String) throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.12.0")
        machine.addUsualTasks()
        let before = machine.snapshot
        try machine.create(request)
        machine.faults.refusals = [("cpuset" + path, .busy)]
        let report = try #require(try machine.destroy())
        #expect(report.unfinished.map(\.path) == ["/sys/fs/cgroup/cpuset" + path])
        #expect(report.remaining.count >= 1 && machine.texts[Journal.file] != nil)
        machine.revive()
        let second = try #require(try machine.destroy())
        #expect(second.unfinished == [] && machine.differences(from: before) == [])
        #expect(try machine.destroy() == nil)
    }

    @Test("a controller that an engine hands down by now is left with it")
    func controller() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        try machine.create(request)
        try machine.add(group: "/podman/one", cpus: "6")
        machine.add(task: 90, "web", in: "/podman/one")
        let report = try #require(try machine.destroy())
        #expect(report.foreign.map(\.path) == ["/sys/fs/cgroup/cgroup.subtree_control"] && report.unfinished == [])
        #expect(machine.cpusets.groups["/podman/one"]?.cpus == [6])
    }

    @Test(
        "the parent that an engine moved into stays, and its containers with it",
        arguments: [ScriptedMachine.Kind.v1, .v2])
    func adopted(kind: ScriptedMachine.Kind) throws {
        let machine = try ScriptedMachine(kind, kernel: "6.12.0")
        try machine.create(request)
        try machine.add(group: "/docker/new", cpus: "2-3")
        machine.add(task: 91, "web", in: "/docker/new")
        let report = try #require(try machine.destroy())
        #expect(report.unfinished == [] && !report.foreign.isEmpty)
        #expect(
            machine.cpusets.groups["/docker/new"]?.cpus == [2, 3] && machine.cpusets.groups["/docker/rtshield"] == nil)
        #expect(machine.cpusets.tasks[91]?.affinity == [2, 3])
    }

    @Test("a partition becomes a member before its group goes", arguments: ["6.1.0", "6.12.0"])
    func memberFirst(kernel: String) throws {
        let machine = try ScriptedMachine(.v2, kernel: kernel)
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5], placement: .pool(balanced: false)))
        machine.clearTrace()
        try machine.destroy()
        let member = machine.trace.firstIndex { $0.hasSuffix("/rtshield/cpuset.cpus.partition 'member'") }
        let removal = machine.trace.firstIndex { $0.hasSuffix("rmdir /sys/fs/cgroup/rtshield") }
        #expect(try #require(member) < (try #require(removal)))
        #expect(machine.cpusets.effective(.root) == CPUSet(0...7))
    }
}
