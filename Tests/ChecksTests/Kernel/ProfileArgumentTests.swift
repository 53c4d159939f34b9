// SPDX-License-Identifier: Apache-2.0

import Profiles
import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("Arguments of a kind of host")
struct ProfileArgumentTests {
    private func found(_ line: String, _ profile: Profile?, files: KeyValuePairs<String, String> = [:]) throws
        -> [RuleResult]
    {
        try looking(at: quietMachine(line, files: files), profile: profile) { Rule.profileArguments.look($0) }
    }

    private static let plain =
        "nohz_full=2-5 rcu_nocbs=2-5 isolcpus=managed_irq,2-5 irqaffinity=0-1,6-7 skew_tick=1"

    @Test("all of them are fine, in any order and spelling")
    func fine() throws {
        #expect(try found(Self.plain, .plain) == [.ok("the command line matches a host with Docker or Podman")])
        let other =
            "skew_tick=1 isolcpus=managed_irq,2,3-5 irqaffinity=0,1,6,7 rcu_nocbs=2-3,4-5 nohz_full=5,4,2-3"
        #expect(try found(other, .plain).map(\.severity) == [.ok])
    }

    @Test("without a kind of host, and without CPUs that are meant, nothing is held against it")
    func silence() throws {
        #expect(try found("nohz_full=2-5", nil) == [])
        #expect(try found("quiet", .plain) == [])
    }

    @Test("each one that is missing is told, and what only boot gives is a warning")
    func missing() throws {
        let found = try found("nohz_full=2-5 rcu_nocbs=2-5 irqaffinity=0-1,6-7", .plain)
        #expect(found.map(\.severity) == [.warning, .warning])
        #expect(found.map(\.what) == ["the command line lacks 'isolcpus'", "the command line lacks 'skew_tick'"])
        #expect(
            found.first?.wanted?.hasPrefix(
                "'isolcpus=managed_irq,2-5', as a host with Docker or Podman has it: it keeps ")
                == true)
        #expect(
            found.first?.fix
                == "add isolcpus=managed_irq,2-5 to the kernel's command line in the configuration of the boot loader, "
                + "and reboot")
    }

    @Test("what rtshield gives at run time, too, is noted")
    func notes() throws {
        let found = try found("nohz_full=2-5 rcu_nocbs=2-5 isolcpus=managed_irq,2-5 skew_tick=1", .plain)
        #expect(found.map(\.what) == ["the command line lacks 'irqaffinity'"])
        #expect(found.map(\.severity) == [.note])
    }

    @Test(
        "another value is told with what is there",
        arguments: [
            ("isolcpus=managed_irq,2-5", "isolcpus=2-5"),
            ("isolcpus=managed_irq,2-5", "isolcpus=managed_irq,domain,2-5"),
            ("rcu_nocbs=2-5", "rcu_nocbs=2-4"), ("skew_tick=1", "skew_tick=0"), ("rcu_nocbs=2-5", "rcu_nocbs=x"),
            ("rcu_nocbs=2-5", "rcu_nocbs"),
        ])
    func others(right: String, wrong: String) throws {
        let found = try found(Self.plain.replacing(right, with: wrong), .plain)
        #expect(found.map(\.what) == ["the command line has '\(wrong)'"])
        #expect(
            found.first?.fix == "replace \(wrong) with \(right) in the configuration of the boot loader, and reboot")
    }

    @Test("the machine's own means are named")
    func means() throws {
        func fix(_ profile: Profile, _ files: KeyValuePairs<String, String>) throws -> String? {
            try found("nohz_full=2-5", profile, files: files).first?.fix
        }
        #expect(
            try fix(.plain, ["usr/sbin/update-grub": ""])
                == "rtshield kargs --cpus 2-5 --profile plain --format grub > /etc/default/grub.d/60-rtshield.cfg; "
                + "update-grub; reboot")
        #expect(
            try fix(.plain, ["usr/sbin/grubby": ""])
                == "grubby --update-kernel=ALL --args='rcu_nocbs=2-5', then reboot")
        #expect(
            try fix(.openshift, ["run/ostree-booted": ""])
                == "rtshield kargs --cpus 2-5 --profile openshift --format machineconfig | oc apply -f -")
        #expect(
            try fix(.ovirt, ["run/ostree-booted": ""])
                == "rtshield kargs --cpus 2-5 --profile ovirt --format rpm-ostree | sh; systemctl reboot")
    }

    @Test("a value that is in the way goes before the right one comes")
    func instead() throws {
        func fix(_ files: KeyValuePairs<String, String>) throws -> String? {
            try found(Self.plain.replacing("rcu_nocbs=2-5", with: "rcu_nocbs=2"), .plain, files: files).first?.fix
        }
        #expect(
            try fix(["usr/sbin/update-grub": ""])?.hasPrefix("remove rcu_nocbs=2 from /etc/default/grub, then ") == true
        )
        #expect(
            try fix(["run/ostree-booted": ""])?.hasPrefix("rpm-ostree kargs --delete=rcu_nocbs=2; rtshield ") == true)
        #expect(
            try fix(["usr/sbin/grubby": ""])
                == "grubby --update-kernel=ALL --remove-args='rcu_nocbs=2' --args='rcu_nocbs=2-5', then reboot")
    }

    @Test("arguments of every kind of host are told", arguments: Profile.allCases)
    func profiles(profile: Profile) throws {
        let found = try found("nohz_full=2-5", profile)
        #expect(!found.isEmpty)
        for remark in found {
            #expect(remark.severity == .warning || remark.severity == .note)
            #expect(remark.what.hasPrefix("the command line lacks '"))
            #expect(remark.wanted != nil && remark.fix != nil)
        }
    }

    @Test("what a profile needs a vendor for is held against that vendor's CPUs alone")
    func vendors() throws {
        func names(_ vendor: String) throws -> [String] {
            try found("nohz_full=2-5", .ovirt, files: ["proc/cpuinfo": "vendor_id\t: \(vendor)"]).map(\.what)
        }
        #expect(try names("GenuineIntel").contains("the command line lacks 'intel_pstate'"))
        #expect(try !names("AuthenticAMD").contains("the command line lacks 'intel_pstate'"))
    }

    @Test("CPUs that leave none to the system are no profile's")
    func impossible() throws {
        var machine = MachineText(online: "1-7", present: "0-7", unified: true)
        machine.file("proc/cmdline", "nohz_full=1-7\n")
        let found = try looking(at: machine, profile: .plain) { Rule.profileArguments.look($0) }
        #expect(found.map(\.severity) == [.note])
        #expect(found.first?.what.contains("leave at least one to the system") == true)
    }
}
