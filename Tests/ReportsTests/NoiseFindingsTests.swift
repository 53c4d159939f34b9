// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import Reports
@testable import ScriptedMachines

@Suite("What status finds of noise")
struct NoiseFindingsTests {
    private func shielded(_ change: (inout ShieldRequest) -> Void = { _ in }) throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        machine.addUsualNoise()
        var request = ShieldRequest(cpus: [2, 3, 4, 5])
        change(&request)
        try machine.create(request)
        return machine
    }

    private func report(_ machine: ScriptedMachine) throws -> ShieldReport {
        let shielding = try ShieldOperations(machine)
        return ShieldReport(of: machine, host: shielding.host, journal: shielding.journal)
    }

    /// What is found whose text has these words.
    private func findings(_ words: String, _ machine: ScriptedMachine) throws -> [Finding] {
        try report(machine).findings.filter { $0.what.contains(words) }
    }

    @Test("nothing, while everything holds")
    func quiet() throws {
        let machine = try shielded()
        #expect(try report(machine).interrupts == [])
        #expect(try findings("interrupt", machine) == [])
    }

    @Test("an interrupt that could leave the shield is a warning with its name")
    func stray() throws {
        let machine = try shielded()
        machine.texts[Interrupt.file(24)] = "3\n"
        let found = try #require(try findings("can be moved off", machine).first)
        #expect(found.severity == .warning)
        #expect(found.what.contains("24 (eth0-rx-0)"))
        #expect(found.advice?.contains("rtshield reconcile") == true)
        #expect(try report(machine).interrupts.map(\.reason) == ["movable"])
    }

    @Test("one that a rule sends there is no finding, and a rule for nothing is")
    func rules() throws {
        let machine = try shielded { $0.irqRules = [IRQRule("eth0-*", cpus: [3]), IRQRule("eth7-*", cpus: [4])] }
        #expect(try report(machine).interrupts.map(\.reason) == ["chosen"])
        #expect(try findings("can be moved off", machine) == [])
        #expect(try findings("no interrupt matches 'eth7-*'", machine).map(\.severity) == [.warning])
        #expect(try findings("eth0", machine) == [])
    }

    @Test(
        "an interrupt that refuses is there with the reason, and no warning",
        arguments: [
            (Errno.inputOutput, "PCI-MSI", "managed"), (.notPermitted, "PCI-MSIX-0000:00:04.0", "managed"),
            (.inputOutput, "IO-APIC", "per-CPU"), (.busy, "PCI-MSI", "refused (EBUSY)"),
        ])
    func refusals(errno: Errno, chip: String, reason: String) throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        machine.addUsualNoise()
        machine.texts[KernelFile(.sys, "kernel/irq/24/chip_name")] = chip + "\n"
        machine.faults.refusals = [("irq/24/smp_affinity_list", errno)]
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(try report(machine).interrupts.map(\.reason) == [reason])
        #expect(try findings("can be moved off", machine) == [])
    }

    @Test("another owner of interrupts is named", arguments: ["tuned", "crio"])
    func rivals(name: String) throws {
        let machine = try shielded()
        machine.add(task: 300, name, affinity: [0, 1])
        #expect(
            try findings("\(name) is running, and may set interrupt affinity too", machine).map(\.severity) == [.note])
        let without = try shielded { $0.attributes.remove(.irqs) }
        without.add(task: 300, name, affinity: [0, 1])
        #expect(try findings("\(name) is running", without) == [])
    }

    @Test("an irqbalance that was started by hand since is a warning with the CPUs that it may use")
    func irqbalance() throws {
        let machine = try shielded()
        machine.addIrqbalance(banning: [2])
        #expect(try findings("irqbalance may move interrupts to CPU 3-5", machine).map(\.severity) == [.warning])
    }

    @Test("huge pages behind a program's back are a note, until they are switched off")
    func hugePages() throws {
        #expect(try findings("huge-pages is 'always'", shielded()).map(\.severity) == [.note])
        #expect(try findings("huge-pages", shielded { $0.attributes.insert(.hugePages) }) == [])
    }
}
