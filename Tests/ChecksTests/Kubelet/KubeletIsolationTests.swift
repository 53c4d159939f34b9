// SPDX-License-Identifier: Apache-2.0

import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("isolcpus= and kubelet")
struct KubeletIsolationTests {
    @Test("reserved CPUs that are isolated at boot are a warning")
    func reserved() throws {
        let found = try remark(of: .kubeletIsolation, on: staticNode(commandLine: "isolcpus=1-5"))
        #expect(found.severity == .warning)
        #expect(
            found.what
                == "isolcpus= contains CPU 1, which kubelet reserves for the system (/var/lib/kubelet/config.yaml:4)")
        #expect(found.wanted == "no isolcpus=, or isolcpus=managed_irq,2-7, which leaves balancing on")
        #expect(
            found.fix
                == "replace isolcpus=1-5 with isolcpus=managed_irq,2-7 in the configuration of the boot loader, and reboot"
        )
    }

    @Test("others, and isolcpus= for managed interrupts alone, are fine", arguments: ["2-7", "managed_irq,0-7"])
    func others(value: String) throws {
        #expect(try severities(of: .kubeletIsolation, on: staticNode(commandLine: "isolcpus=\(value)")) == [.ok])
    }

    @Test("a shared pool on isolated CPUs is a warning")
    func shared() throws {
        let machine = staticNode(
            commandLine: "isolcpus=2-5",
            files: [
                kubeletState: state(shared: "0-1,4-7", pods: ["a": "2-3"]), "usr/sbin/grubby": "",
                "etc/default/grub": "",
            ])
        let found = try remark(of: .kubeletSharedPool, on: machine)
        #expect(found.severity == .warning)
        #expect(found.what == "isolcpus= contains CPUs 4-5 of kubelet's shared pool")
        #expect(
            found.fix
                == "grubby --update-kernel=ALL --remove-args='isolcpus=2-5' --args='isolcpus=managed_irq,2-7', then reboot"
        )
    }

    @Test("isolated CPUs that containers have for themselves are fine, and without a state nothing is told")
    func alone() throws {
        let machine = staticNode(
            commandLine: "isolcpus=2-3", files: [kubeletState: state(shared: "0-1,4-7", pods: ["a": "2-3"])])
        #expect(try severities(of: .kubeletSharedPool, on: machine) == [.ok])
        #expect(try severities(of: .kubeletSharedPool, on: staticNode(commandLine: "isolcpus=2-3")) == [])
    }

    @Test("what a shield means is what the option is to hold")
    func shield() throws {
        var machine = try MachineText.shielded()
        machine.file("proc/cmdline", "isolcpus=1-5\n")
        machine.file(kubeletConfig, kubeletText(["cpuManagerPolicy: static", "reservedSystemCPUs: \"0-1\""]))
        let fix = "replace isolcpus=1-5 with isolcpus=managed_irq,2-5 in "
        #expect(try remark(of: .kubeletIsolation, on: machine).fix?.hasPrefix(fix) == true)
    }

    @Test("a kernel that does not know managed_irq loses the option")
    func old() throws {
        var machine = staticNode(commandLine: "isolcpus=1-5", files: ["etc/default/grub": ""])
        machine.file("proc/sys/kernel/osrelease", "4.18.0-test\n")
        #expect(
            try remark(of: .kubeletIsolation, on: machine).fix
                == "remove isolcpus=1-5 from GRUB_CMDLINE_LINUX in /etc/default/grub, then update-grub, and reboot")
    }
}
