// SPDX-License-Identifier: Apache-2.0

import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("Other options of the command line")
struct OptionTests {
    @Test(
        "a rule about one option looks at nothing else",
        arguments: [
            (Rule.mitigations, "mitigations=off", [Finding.Severity.note]),
            (.mitigations, "mitigations=auto,nosmt", []),
            (.audit, "nohz_full=2-5 audit=1", [.note]), (.audit, "nohz_full=2-5 audit=0", [.ok]),
            (.audit, "nohz_full=2-5", []),
            (.machineChecksOff, "mce=off", [.note]), (.machineChecksOff, "mce=ignore_ce", []),
            (.cgroupOptions, "systemd.unified_cgroup_hierarchy=0", [.warning]),
            (.cgroupOptions, "systemd.unified_cgroup_hierarchy=1", [.ok]), (.cgroupOptions, "quiet", []),
            (.kernelThreadOption, "kthread_cpus=0", [.note]), (.kernelThreadOption, "quiet", []),
            (.tunedMask, "nohz_full=2-5 tuned.non_isolcpus=000000ff", [.warning]),
            (.tunedMask, "nohz_full=2-5 tuned.non_isolcpus=000000c3", []),
            (.tunedMask, "nohz_full=2-5 tuned.non_isolcpus=no", []),
        ] as [(Rule, String, [Finding.Severity])])
    func options(rule: Rule, line: String, expected: [Finding.Severity]) throws {
        #expect(try severities(of: rule, on: quietMachine(line)) == expected)
    }

    @Test("a kernel that has the patch knows kthread_cpus=")
    func patched() throws {
        let machine = quietMachine("kthread_cpus=0", release: "4.18.0-553.rt7.342.el8_10.x86_64")
        #expect(try severities(of: .kernelThreadOption, on: machine) == [])
    }

    @Test(
        "polling for hardware errors is noted",
        arguments: [
            ("300", "quiet", [Finding.Severity.note]), ("0", "quiet", [.ok]), ("300", "mce=ignore_ce", [.ok]),
            ("x", "quiet", []),
        ])
    func machineChecks(value: String, line: String, expected: [Finding.Severity]) throws {
        let file = "sys/devices/system/machinecheck/machinecheck0/check_interval"
        let machine = quietMachine("nohz_full=2-5 " + line, files: [file: value])
        #expect(try severities(of: .machineChecks, on: machine) == expected)
    }

    @Test("KVM is looked at where it is loaded")
    func virtualMachines() throws {
        let parameters = "sys/module/kvm/parameters/"
        let machine = quietMachine(
            files: [
                parameters + "nx_huge_pages": "Y", parameters + "lapic_timer_advance_ns": "0",
                parameters + "lapic_timer_advance": "N", parameters + "halt_poll_ns": "200000",
            ])
        let found = try remarks(of: .virtualMachines, on: machine)
        #expect(found.map(\.severity) == [.note, .note, .note, .note])
        #expect(found[0].fix == "options kvm nx_huge_pages=off in /etc/modprobe.d/kvm.conf, and load kvm again")
        let fine = quietMachine(files: [parameters + "nx_huge_pages": "N", parameters + "halt_poll_ns": "0"])
        #expect(try severities(of: .virtualMachines, on: fine) == [])
        #expect(try severities(of: .virtualMachines, on: quietMachine()) == [])
    }
}
