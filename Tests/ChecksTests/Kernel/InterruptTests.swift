// SPDX-License-Identifier: Apache-2.0

import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Interrupts and work")
struct InterruptTests {
    private let mask = "proc/irq/default_smp_affinity"
    private let queue = "sys/devices/virtual/workqueue/cpumask"

    @Test("a mask that reaches quiet CPUs is noted, and has drifted where a shield holds it")
    func masks() throws {
        for (rule, file) in [(Rule.defaultInterruptMask, mask), (.workQueueMask, queue)] {
            #expect(try severities(of: rule, on: quietMachine(files: [file: "ff"])) == [.note])
            #expect(try severities(of: rule, on: shieldedMachine(files: [file: "ff"])) == [.warning])
            #expect(try severities(of: rule, on: shieldedMachine([], files: [file: "ff"])) == [.note])
        }
    }

    @Test(
        "a mask that does not is fine, and one that is none says nothing",
        arguments: [("c3", [Finding.Severity.ok]), ("x", [])])
    func clean(text: String, expected: [Finding.Severity]) throws {
        for (rule, file) in [(Rule.defaultInterruptMask, mask), (.workQueueMask, queue)] {
            #expect(try severities(of: rule, on: quietMachine(files: [file: text])) == expected)
            #expect(try severities(of: rule, on: quietMachine("quiet", files: [file: "ff"])) == [])
        }
    }

    @Test(
        "irqaffinity= and workqueue.unbound_cpus= leave quiet CPUs out",
        arguments: [("0-2", [Finding.Severity.warning]), ("0-1,6-7", [.ok]), ("", [])])
    func options(list: String, expected: [Finding.Severity]) throws {
        #expect(try severities(of: .irqAffinity, on: quietMachine("nohz_full=2-5 irqaffinity=" + list)) == expected)
        let line = "nohz_full=2-5 workqueue.unbound_cpus=" + list
        #expect(try severities(of: .workQueueOption, on: quietMachine(line)) == expected)
    }

    @Test("a kernel that does not know the option is told")
    func unknownOption() throws {
        let machine = quietMachine("nohz_full=2-5 workqueue.unbound_cpus=0-1", release: "6.1.0")
        #expect(try severities(of: .workQueueOption, on: machine) == [.note])
    }

    private func machine(shield: Bool) throws -> MachineText {
        var machine = shield ? try shieldedMachine() : quietMachine()
        machine.interrupt(24, effective: "3", allowed: "0-7")
        machine.file("sys/kernel/irq/24/actions", "eth0-rx-0\n")
        machine.interrupt(25, effective: "4", allowed: "0-7")
        machine.file("sys/kernel/irq/25/actions", "(null)\n")
        machine.interrupt(26, effective: "4", allowed: "4")
        machine.file("sys/kernel/irq/26/actions", "nvme0q5\n")
        return machine
    }

    @Test("interrupts that could leave are told by name")
    func movable() throws {
        let found = try remarks(of: .interrupts, on: machine(shield: false))
        #expect(found.map(\.what) == ["1 interrupt goes to CPUs 2-5: 24 (eth0-rx-0)"])
        #expect(found.map(\.severity) == [.note])
        #expect(try severities(of: .interrupts, on: machine(shield: true)) == [.warning])
    }

    @Test("interrupts elsewhere are fine")
    func elsewhere() throws {
        var machine = quietMachine()
        machine.interrupt(24, effective: "1", allowed: "0-1")
        machine.file("sys/kernel/irq/24/actions", "eth0-rx-0\n")
        #expect(try severities(of: .interrupts, on: machine) == [])
    }

    @Test("disks whose queues the kernel places are noted")
    func managed() throws {
        let disk: KeyValuePairs = ["sys/class/nvme/nvme0/model": "X"]
        #expect(try severities(of: .managedInterrupts, on: quietMachine(files: disk)) == [.note])
        let line = "isolcpus=managed_irq,2-5 nohz_full=2-5"
        #expect(try severities(of: .managedInterrupts, on: quietMachine(line, files: disk)) == [])
        #expect(try severities(of: .managedInterrupts, on: quietMachine()) == [])
    }

    private let receive = "sys/class/net/eth0/queues/rx-0/rps_cpus"
    private let transmit = "sys/class/net/eth0/queues/tx-0/xps_cpus"

    @Test("packets that are handed to quiet CPUs are noted")
    func packets() throws {
        #expect(try severities(of: .receivedPackets, on: quietMachine(files: [receive: "ff"])) == [.note])
        #expect(try severities(of: .receivedPackets, on: quietMachine(files: [receive: "03"])) == [])
        #expect(try severities(of: .receivedPackets, on: quietMachine(files: [receive: "00"])) == [])
    }

    @Test("transmit queues matter where a shield has them")
    func queues() throws {
        #expect(try severities(of: .sentPackets, on: shieldedMachine([.xps], files: [transmit: "04"])) == [.warning])
        #expect(try severities(of: .sentPackets, on: shieldedMachine(files: [transmit: "04"])) == [])
    }
}
