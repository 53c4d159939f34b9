// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("CPUs without kernel threads")
struct KernelThreadGrantTests {
    private func machine(_ kernel: String = "6.12.0") throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.v2, kernel: kernel)
        machine.addKernelThreads()
        try machine.add(group: "/docker/idle", cpus: "0-7")
        return machine
    }

    private func affinities(_ ids: ClosedRange<Int32>, _ machine: ScriptedMachine) -> [String] {
        ids.map { machine.cpusets.tasks[$0]?.affinity.description ?? "gone" }
    }

    private func moves(_ machine: ScriptedMachine) -> [String] { machine.trace.filter { $0.hasPrefix("affinity") } }

    @Test("each that can be moved leaves, and comes back", arguments: ["6.1.0", "6.12.0"])
    func leaving(kernel: String) throws {
        let machine = try machine(kernel)
        let before = machine.snapshot
        let grant = try machine.launchVacant("a", cpus: [2, 3], process: 300)
        #expect(try machine.give(grant, strict: [.kernelThreads]) == [])
        #expect(affinities(20...25, machine) == ["0-1,4-7", "6", "0-1", "3", "2", "0-7"])
        #expect(affinities(1...2, machine) == ["0-7", "0-1,4-7"])
        try machine.end(grant)
        #expect(machine.differences(from: before) == [])
    }

    @Test("one of several CPUs that is to leave them all goes to all others, and comes back")
    func homeless() throws {
        let machine = try machine()
        machine.add(task: 30, "kswapd1", affinity: [2, 3], parent: 2, flags: ScriptedTask.kernel)
        let first = try machine.launchVacant("a", cpus: [2], process: 300)
        let second = try machine.launchVacant("b", cpus: [3], process: 301)
        try machine.give(first)
        #expect(affinities(30...30, machine) == ["3"])
        try machine.give(second)
        #expect(affinities(30...30, machine) == ["0-1,4-7"])
        try machine.end(first)
        #expect(affinities(30...30, machine) == ["2"])
        try machine.end(second)
        #expect(affinities(30...30, machine) == ["2-3"] && machine.texts[Ledger.file] == nil)
    }

    @Test("where nobody is to be anywhere they stay where they are")
    func nowhere() throws {
        let machine = try machine()
        machine.clearTrace()
        #expect(try machine.give(try machine.launchVacant("a", cpus: CPUSet(0...7), process: 300)) == [])
        #expect(moves(machine) == [])
    }

    @Test("the thread of an interrupt is left to follow it")
    func interrupt() throws {
        let machine = try machine()
        machine.texts[Interrupt.file(24)] = "0-7\n"
        machine.add(task: 30, "irq/24-eth0", parent: 2, flags: ScriptedTask.kernel)
        machine.clearTrace()
        try machine.give(try machine.launchVacant("a", cpus: [2], process: 300))
        #expect(!moves(machine).contains { $0.hasPrefix("affinity 30 ") })
    }

    @Test("user tasks stay, whatever they may use")
    func others() throws {
        let machine = try machine()
        machine.add(task: 400, "bash")
        machine.texts[KernelFile(.proc, "2/task/2/children")] = "20 21 22 23 24 25 400 "
        try machine.give(try machine.launchVacant("a", cpus: [2], process: 300))
        #expect(affinities(400...400, machine) == ["0-7"] && affinities(20...20, machine) == ["0-1,3-7"])
    }

    @Test("two containers end in any order", arguments: [true, false])
    func two(isFirstFirst: Bool) throws {
        let machine = try machine()
        let before = machine.snapshot
        let first = try machine.launchVacant("a", cpus: [2, 3], process: 300)
        let second = try machine.launchVacant("b", cpus: [6], process: 301)
        try machine.give(first)
        try machine.give(second)
        #expect(affinities(20...21, machine) == ["0-1,4-5,7", "0-1,4-5,7"])
        try machine.end(isFirstFirst ? first : second)
        #expect(affinities(20...21, machine) == (isFirstFirst ? ["0-5,7", "2"] : ["0-1,4-7", "6"]))
        try machine.end(isFirstFirst ? second : first)
        #expect(machine.differences(from: before) == [])
    }

    // MARK: - What others do meanwhile

    @Test("what somebody else chose since stays when the container ends")
    func chosen() throws {
        let machine = try machine()
        let grant = try machine.launchVacant("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        try machine.setAffinity([4, 5], of: 20)
        try machine.end(grant)
        #expect(affinities(20...21, machine) == ["4-5", "2,6"] && machine.texts[Ledger.file] == nil)
    }

    @Test("one that was sent back leaves again with the next look, and keeps what was chosen for it")
    func sentBack() throws {
        let machine = try machine()
        let grant = try machine.launchVacant("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        try machine.setAffinity([3, 4], of: 22)
        try machine.setAffinity(CPUSet(0...7), of: 20)
        try machine.followShield()
        #expect(affinities(20...22, machine) == ["0-1,4-7", "6", "4"])
        try machine.end(grant)
        #expect(affinities(20...22, machine) == ["0-7", "2,6", "3-4"])
    }

    @Test("one that is born later leaves with the next look")
    func late() throws {
        let machine = try machine()
        let grant = try machine.launchVacant("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        machine.add(task: 30, "scsi_eh_0", parent: 2, flags: ScriptedTask.kernel)
        try machine.followShield()
        #expect(affinities(30...30, machine) == ["0-1,4-7"])
        try machine.end(grant)
        #expect(affinities(30...30, machine) == ["0-7"])
    }

    @Test("one that ended is forgotten, and a later one with its number is another")
    func reused() throws {
        let machine = try machine()
        let grant = try machine.launchVacant("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        machine.cpusets.tasks[20] = nil
        machine.cpusets.tasks[21]?.affinity = [0, 1]
        machine.cpusets.tasks[21]?.startTime = .max
        try machine.end(grant)
        #expect(affinities(20...21, machine) == ["gone", "0-1"] && machine.texts[Ledger.file] == nil)
    }

    @Test("CPUs that come online or go do not look like somebody's choice")
    func hotplug() throws {
        let machine = try machine()
        let grant = try machine.launchVacant("a", cpus: [2], process: 300)
        for id: Int32 in [1, 2, 20] { machine.cpusets.tasks[id]?.affinity = CPUSet(0...6) }
        machine.texts[KernelFile(.sys, "devices/system/cpu/online")] = "0-6\n"
        machine.texts[KernelFile(.proc, "20/status")] = "Name:\tkswapd0\nCpus_allowed_list:\t0-7\n"
        try machine.give(grant)
        machine.texts[KernelFile(.sys, "devices/system/cpu/online")] = "0-7\n"
        machine.cpusets.tasks[20]?.affinity = [0, 1, 3, 4, 5, 6]
        try machine.end(grant)
        #expect(affinities(20...20, machine) == ["0-7"])
    }

    @Test("one that cannot be moved stays, and is nobody's loss", arguments: [Errno.invalidArgument, .noSuchProcess])
    func refused(errno: Errno) throws {
        let machine = try machine()
        let grant = try machine.launchVacant("a", cpus: [2, 3], process: 300)
        machine.faults.refusals = [("20", errno)]
        #expect(try machine.give(grant, strict: [.kernelThreads]) == [])
        #expect(affinities(20...21, machine) == ["0-7", "6"])
        try machine.end(grant)
        #expect(affinities(20...21, machine) == ["0-7", "2,6"] && machine.texts[Ledger.file] == nil)
    }

    @Test("one that refuses to go back is tried again with the next look")
    func stubborn() throws {
        let machine = try machine()
        let grant = try machine.launchVacant("a", cpus: [2, 3], process: 300)
        try machine.give(grant)
        machine.faults.refusals = [("20", .invalidArgument)]
        try machine.end(grant)
        #expect(affinities(20...21, machine) == ["0-1,4-7", "2,6"] && machine.texts[Ledger.file] != nil)
        machine.revive()
        try machine.reconcile()
        #expect(affinities(20...20, machine) == ["0-7"] && machine.texts[Ledger.file] == nil)
    }

    @Test("who has no right to move them is told so, and takes all back where it is strict")
    func forbidden() throws {
        let machine = try machine()
        let grant = try machine.launchVacant("a", cpus: [2, 3], process: 300)
        machine.faults.refusals = [("2", .notPermitted), ("20", .notPermitted)]
        let unmet = UnmetRequest(.kernelThreads, "2 kernel threads cannot be moved: \(Errno.notPermitted)")
        #expect(try machine.give(grant) == [unmet])
        try machine.end(grant)
        let other = try machine.launchVacant("b", cpus: [2, 3], process: 301)
        #expect(throws: GrantError.refused([unmet])) { try machine.give(other, strict: [.kernelThreads]) }
        #expect(affinities(20...21, machine) == ["0-7", "2,6"] && machine.texts[Ledger.file] == nil)
    }

    // MARK: - What it costs

    @Test("a container that does not ask has no thread looked at, beside one that does")
    func unasked() throws {
        let machine = try machine()
        let asking = try machine.launchVacant("a", cpus: [2], process: 300)
        try machine.give(asking)
        let second = try machine.launchVacant("b", cpus: [2], process: 301)
        let third = try machine.launch("c", cpus: [4], process: 302)
        machine.add(task: 30, "late", parent: 2, flags: ScriptedTask.kernel)
        machine.clearTrace()
        try machine.give(third)
        try machine.give(second)
        try machine.end(asking)
        try machine.end(third)
        #expect(moves(machine) == [] && affinities(30...30, machine) == ["0-7"])
        try machine.end(second)
        #expect(affinities(20...21, machine) == ["0-7", "2,6"])
    }

    @Test("a look that finds nothing to do writes nothing")
    func idle() throws {
        let machine = try machine()
        try machine.give(try machine.launchVacant("a", cpus: [2], process: 300))
        try machine.followShield()
        machine.clearTrace()
        try machine.followShield()
        #expect(moves(machine) == [])
    }

    @Test("two thousand threads take little room in the ledger")
    func many() throws {
        let machine = try machine()
        for id in Int32(1000)..<3000 {
            machine.add(task: id * 3, "thread", parent: 2, flags: ScriptedTask.kernel)
        }
        let grant = try machine.launchVacant("a", cpus: [2], process: 300)
        try machine.give(grant)
        #expect(machine.cpusets.tasks[8997]?.affinity == [0, 1, 3, 4, 5, 6, 7])
        #expect(machine.held(Ledger.file).utf8.count < 20_000)
        try machine.end(grant)
        #expect(machine.cpusets.tasks[8997]?.affinity == CPUSet(0...7) && machine.texts[Ledger.file] == nil)
    }
}
