// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Writing control files")
struct FileApplierTests {
    private static let group = CgroupPath("/mine")
    private let narrowing = Write(.cpus(of: group), old: .cpus(CPUSet(0...7)), new: .cpus([0, 1]), why: "")

    private func machine(_ kind: ScriptedMachine.Kind = .v1, kernel: String = "6.12.0") throws -> ScriptedMachine {
        let machine = try ScriptedMachine(kind, kernel: kernel)
        machine.addUsualNoise()
        try machine.add(group: "/mine", cpus: "0-7")
        return machine
    }

    @Test("what the kernel took, what it refused and what is gone are told apart")
    func outcomes() throws {
        let machine = try machine()
        let applier = FileApplier(machine: machine, host: try Host(observing: machine))
        #expect(applier.apply(narrowing) == .taken)
        machine.faults.refusals = [("mine/cpuset.cpus", .busy)]
        guard case .refused(let error) = applier.apply(narrowing) else {
            Issue.record("a refusal was not told")
            return
        }
        #expect(error.errno == .busy)
        machine.faults = Faults()
        try machine.cpusets.removeDirectory(Self.group)
        #expect(applier.apply(narrowing) == .gone && applier.undo(narrowing.inverse) == .gone)
        #expect(applier.apply(Write(.irqAffinity(99), old: .cpus([0]), new: .cpus([1]), why: "")) == .gone)
    }

    @Test("a cgroup that is there and has no such file refuses")
    func missing() throws {
        let machine = try machine()
        let applier = FileApplier(machine: machine, host: try Host(observing: machine))
        guard
            case .refused(let error) = applier.apply(
                Write(.partition(of: Self.group), old: "member", new: "root", why: ""))
        else {
            Issue.record("a missing file was written")
            return
        }
        #expect(error.isAbsence)
    }

    @Test("only what is still rtshield's is put back, whatever notation the file has")
    func undoing() throws {
        let machine = try machine()
        let applier = FileApplier(machine: machine, host: try Host(observing: machine))
        let mask = Write(.defaultIRQAffinity, old: .cpus(CPUSet(0...7)), new: .cpus([0, 1]), why: "")
        let file = ControlFile.defaultIRQAffinity.location()
        machine.texts[file] = "3\n"
        #expect(applier.undo(mask.inverse) == .taken && machine.texts[file] == "000000ff\n")
        let changes = machine.trace.count
        #expect(applier.undo(mask.inverse) == .taken && machine.trace.count == changes)
        machine.texts[file] = "0c\n"
        #expect(applier.undo(mask.inverse) == .changed(found: "0c") && machine.trace.count == changes)
    }

    @Test("a container that ends while a shield is made is no refusal", arguments: [ScriptedMachine.Kind.v1, .systemd])
    func ended(kind: ScriptedMachine.Kind) throws {
        let machine = try machine(kind)
        let path = CgroupPath(kind == .v1 ? "/docker/plain" : "/system.slice/docker-plain.scope")
        try machine.add(group: path.description, cpus: "0-7")
        machine.add(task: 50, "nginx", in: path.description)
        let shielding = try ShieldOperations(machine)
        let plan = try shielding.plan(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(plan.steps.contains { if case .write(let write) = $0 { write.file.cgroup == path } else { false } })
        machine.cpusets.tasks[50] = nil
        try machine.cpusets.removeDirectory(path)
        _ = try shielding.perform(plan)
        #expect(try ShieldOperations(machine).current != nil)
    }
}
