// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("irqbalance")
struct IrqbalanceTests {
    private func machine(_ lines: String, base: MachineText) -> MachineText {
        var machine = base
        machine.process(70, "irqbalance")
        machine.file("etc/default/irqbalance", lines)
        return machine
    }

    @Test(
        "quiet CPUs that are not banned are told",
        arguments: ["", "IRQBALANCE_BANNED_CPULIST=2-3", "IRQBALANCE_BANNED_CPUS=c", "IRQBALANCE_BANNED_CPULIST=some"])
    func open(lines: String) throws {
        #expect(try severities(of: .irqbalanceBans, on: machine(lines, base: .shielded())) == [.warning])
    }

    @Test(
        "banned ones are fine, by list before mask",
        arguments: [
            "IRQBALANCE_BANNED_CPULIST=\"2-5\"", "IRQBALANCE_BANNED_CPUS=0000003c",
            "IRQBALANCE_BANNED_CPUS=1\nIRQBALANCE_BANNED_CPULIST=2-5",
        ])
    func banned(lines: String) throws {
        #expect(try severities(of: .irqbalanceBans, on: machine(lines, base: .shielded())) == [.ok])
    }

    @Test("told nothing it leaves what the kernel isolates; the environment comes before files")
    func automatic() throws {
        #expect(try severities(of: .irqbalanceBans, on: machine("", base: .isolated())) == [.ok])
        var other = machine("IRQBALANCE_BANNED_CPULIST=2-5", base: try .shielded())
        other.file("proc/70/environ", "A=1\0IRQBALANCE_BANNED_CPULIST=2\0")
        #expect(try severities(of: .irqbalanceBans, on: other) == [.warning])
        #expect(try severities(of: .irqbalanceBans, on: .shielded()) == [])
    }
}
