// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Sweeping")
struct SweeperTests {
    private func machine(_ kernel: String = "6.12.0") throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.v1, kernel: kernel)
        try machine.add(group: "/system", cpus: "0-1,6-7")
        return machine
    }

    private func sweep(
        _ machine: ScriptedMachine, to destination: CgroupPath? = "/system", recording record: (Step) -> Void = { _ in }
    ) throws -> SweepReport {
        var steps: [Step] = []
        defer { steps.forEach(record) }
        let layout = try #require(machine.layout)
        var sweeper = Sweeper(
            Sweep(destination: destination, shield: [2, 3, 4, 5]), machine: machine, layout: layout,
            history: AffinityHistory(), hasOfflineCPUs: false
        ) { step throws(FileError) in steps.append(step) }
        return try sweeper.run()
    }

    @Test(
        "each kind of task has its verdict",
        arguments: [
            ("bash", 100, 0, "0-7", "/system", .move), ("bash", 100, 0, "0-1", "/system", .move),
            ("bash", 100, 0, "2-3", "/system", .move), ("bash", 100, 0, "0-7", nil, .narrow(to: [0, 1, 6, 7])),
            ("bash", 100, 0, "2-3", nil, .stays(.onlyShielded)), ("bash", 100, 0, "0-1", nil, .clear),
            ("systemd", 1, 0, "0-7", "/system", .narrow(to: [0, 1, 6, 7])), ("systemd", 1, 0, "0", "/system", .clear),
            ("kswapd0", 30, 0x20_0000, "0-7", "/system", .narrow(to: [0, 1, 6, 7])),
            ("kthreadd", 2, 0x20_0000, "0-7", "/system", .narrow(to: [0, 1, 6, 7])),
            ("rcuop/3", 31, 0x20_0000, "3", "/system", .stays(.onlyShielded)),
            ("migration/2", 32, 0x420_0000, "2", "/system", .stays(.perCPU)),
            ("migration/0", 33, 0x420_0000, "0", "/system", .clear),
            ("kworker/u16:0", 34, 0x420_0000, "0-7", "/system", .stays(.kernelOnly)),
        ] as [(String, Int32, UInt32, String, String?, TaskMobility)])
    func verdicts(
        name: String, id: Int32, flags: UInt32, affinity: String, destination: String?, verdict: TaskMobility
    ) throws {
        let machine = try machine()
        machine.add(task: id, name, affinity: CPUSet(kernelList: affinity), flags: flags)
        let task = try #require(HostTask(reading: id, on: machine))
        let sweep = Sweep(destination: destination.map { CgroupPath($0) }, shield: [2, 3, 4, 5])
        #expect(TaskMobility(task, sweep: sweep) == verdict)
    }

    @Test("parents that fork while they are moved leave nobody behind")
    func forking() throws {
        let machine = try machine()
        for id in Int32(100)..<108 { machine.add(task: id, "make", forks: 6) }
        let report = try sweep(machine)
        #expect(machine.cpusets.tasks.values.filter { $0.name == "make" }.count == 8 * 7)
        #expect(machine.cpusets.tasks.values.allSatisfy { $0.name != "make" || $0.group == "/system" })
        #expect(report.moved == 56 && report.refused == [] && report.passes > 6)
    }

    @Test("a fork bomb does not keep a sweep busy for ever")
    func bomb() throws {
        let machine = try machine()
        machine.add(task: 100, "bomb", forks: .max)
        #expect(try sweep(machine).passes == Sweeper.passLimit)
    }

    @Test("tasks that end meanwhile are counted, not reported")
    func vanishing() throws {
        let machine = try machine()
        machine.add(task: 100, "short", vanishes: true)
        machine.add(task: 101, "long")
        let report = try sweep(machine)
        #expect(report.vanished == 1 && report.moved == 1 && report.refused == [])
    }

    @Test("a task that refuses is named, and the others move")
    func refusing() throws {
        let machine = try machine()
        machine.add(task: 100, "deadline")
        machine.add(task: 101, "bash")
        machine.faults.failing = (2, .busy)
        let report = try sweep(machine)
        // Changes 0 and 1 narrow PID 1 and kthreadd.
        #expect(report.refused == [.init(id: 100, name: "deadline", errno: .busy)])
        #expect(report.moved == 1 && report.narrowed == 2)
        #expect(machine.cpusets.tasks[101]?.group == "/system" && machine.cpusets.tasks[100]?.group == .root)
    }

    @Test("what stays is named by its reason, and the first process is never moved")
    func staying() throws {
        let machine = try machine()
        machine.addUsualTasks()
        let report = try sweep(machine)
        #expect(
            report.staying == [.perCPU: ["migration/2"], .kernelOnly: ["kworker/u16:0"], .onlyShielded: ["rcuop/3"]])
        #expect(machine.cpusets.tasks[1]?.group == .root && machine.cpusets.tasks[1]?.affinity == [0, 1, 6, 7])
        #expect(machine.cpusets.tasks[12]?.affinity == [0, 1, 6, 7])
    }

    @Test("what a task had is recorded before it is narrowed, once for all that had the same")
    func recording() throws {
        let machine = try machine()
        machine.add(task: 12, "kswapd0", flags: ScriptedTask.kernel)
        machine.add(task: 13, "odd", affinity: [1, 2], flags: ScriptedTask.kernel)
        var records: [String] = []
        _ = try sweep(machine) { step in
            guard case .restoreAffinities(let record) = step else { return }
            records.append("\(record.affinity): \(record.tasks)")
        }
        #expect(records.sorted() == ["0-7: 1-2,12", "1-2: 13"])
    }

    @Test("a second sweep finds nothing to do")
    func again() throws {
        let machine = try machine()
        machine.addUsualTasks()
        _ = try sweep(machine)
        machine.clearTrace()
        #expect(try sweep(machine).changedNothing && machine.trace == [])
    }
}
