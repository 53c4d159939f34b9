// SPDX-License-Identifier: Apache-2.0

import Reports
import RecordedMachines
import Testing

@testable import Checks

@Suite("CPU lists of the command line")
struct BootListTests {
    @Test(
        "a list that the kernel cannot read is warned of",
        arguments: [
            "isolcpus=2-", "isolcpus=domain2,3", "nohz_full=5-2", "rcu_nocbs=a", "irqaffinity=0-1;2",
            "workqueue.unbound_cpus=0..3", "isolcpus=2-5 isolcpus=2-6", "nohz_full=",
        ])
    func malformed(line: String) throws {
        #expect(try severities(of: .bootLists, on: quietMachine(line)) == [.warning])
    }

    @Test(
        "a list that it can read is fine",
        arguments: [
            "isolcpus=managed_irq,domain,2-5", "nohz_full=all", "rcu_nocbs", "rcu_nocbs=0-N:1/2", "irqaffinity=0,6-7",
            "isolcpus=2-5 isolcpus=managed_irq,2-6", "quiet",
        ])
    func fine(line: String) throws { #expect(try severities(of: .bootLists, on: quietMachine(line)) == []) }

    @Test("what the kernel makes of it is told")
    func meaning() throws {
        let found = try remarks(of: .bootLists, on: quietMachine("rcu_nocbs=2-"))
        #expect(found.first?.what == "rcu_nocbs=2- is not a CPU list: the kernel uses every CPU instead")
        #expect(
            found.first?.fix
                == "remove rcu_nocbs=2- from the kernel's command line in the configuration of the boot loader, and reboot"
        )
    }

    @Test("the machine's own way to change the command line is told")
    func loaders() throws {
        let grub = quietMachine("rcu_nocbs=2-", files: ["etc/default/grub": ""])
        #expect(try remarks(of: .bootLists, on: grub).first?.fix?.contains("update-grub") == true)
        let grubby = quietMachine("rcu_nocbs=2-", files: ["usr/sbin/grubby": ""])
        #expect(
            try remarks(of: .bootLists, on: grubby).first?.fix
                == "grubby --update-kernel=ALL --remove-args='rcu_nocbs=2-', then reboot")
    }

    @Test(
        "CPUs that cannot exist are warned of", arguments: ["isolcpus=2-15", "nohz_full=managed,8", "irqaffinity=0-8"])
    func absent(line: String) throws {
        #expect(try severities(of: .absentCPUs, on: quietMachine(line)) == [.warning])
    }

    @Test("a kernel that took the rest of the list is only noted")
    func taken() throws {
        let machine = quietMachine("isolcpus=2-15", files: [cpuFiles + "isolated": "2-7"])
        #expect(try severities(of: .absentCPUs, on: machine) == [.note])
    }

    @Test("CPUs that are offline are noted")
    func offline() throws {
        var machine = MachineText(online: "0-3", present: "0-7", unified: true)
        machine.file("proc/cmdline", "isolcpus=2-5\n")
        #expect(
            try remarks(of: .absentCPUs, on: machine).map(\.what) == [
                "isolcpus=2-5 names CPUs 4-5, which are not online"
            ])
    }

    @Test(
        "CPUs that exist are fine",
        arguments: ["isolcpus=2-7", "rcu_nocbs=all", "nohz_full=2-N", "irqaffinity=0-7:1/64"])
    func there(line: String) throws { #expect(try severities(of: .absentCPUs, on: quietMachine(line)) == []) }

    @Test("an option with two values is warned of")
    func twice() throws {
        let found = try remarks(of: .bootRepeats, on: quietMachine("irqaffinity=0-1 quiet irqaffinity=0-3"))
        #expect(
            found.map(\.what) == [
                "the command line has irqaffinity=0-1 irqaffinity=0-3, and irqaffinity=0-3 takes effect"
            ])
    }

    @Test(
        "the same value twice, and options that may repeat, are fine",
        arguments: ["skew_tick=1 skew_tick=1", "console=a console=b"])
    func repeated(line: String) throws { #expect(try severities(of: .bootRepeats, on: quietMachine(line)) == []) }
}
