// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("systemd")
struct SystemdTests {
    @Test("CPUAffinity= of the manager is put together from all files")
    func manager() throws {
        var machine = MachineText.isolated()
        machine.file("etc/systemd/system.conf", "[Manager]\n#CPUAffinity=\nCPUAffinity=0-7\n")
        #expect(try severities(of: .systemdCPUs, on: machine) == [.warning])
        machine.file(
            "etc/systemd/system.conf.d/cpus.conf", "[Manager]\nCPUAffinity=\nCPUAffinity=0 1\nCPUAffinity=6,7\n")
        let remarks = try remarks(of: .systemdCPUs, on: machine)
        #expect(remarks.map(\.severity) == [.ok])
        #expect(remarks.first?.what == "/etc/systemd/system.conf.d/cpus.conf:4: CPUAffinity= is 0-1,6-7")
    }

    @Test("the command line has the last word")
    func commandLine() throws {
        var machine = MachineText(online: "0-7", unified: true)
        machine.file("proc/cmdline", "nohz_full=2-5 systemd.cpu_affinity=0,2\n")
        machine.file("etc/systemd/system.conf", "[Manager]\nCPUAffinity=0-1\n")
        #expect(try severities(of: .systemdCPUs, on: machine) == [.warning])
    }

    @Test("a unit that mixes quiet CPUs with others is told, with its place")
    func units() throws {
        var machine = MachineText.isolated()
        machine.file("etc/systemd/system/wide.service", "[Service]\nAllowedCPUs=0-3\n")
        machine.file("etc/systemd/system/app.service.d/x.conf", "[Service]\nCPUAffinity=no\n")
        machine.file("etc/systemd/system/quiet.slice", "[Slice]\nAllowedCPUs=2-3\n")
        machine.file(
            "run/systemd/system/service.d/50-rtshield.conf", "# Written by rtshield; x\n[Service]\nAllowedCPUs=0-7\n")
        let remarks = try remarks(of: .systemdCPUs, on: machine)
        #expect(remarks.map(\.severity) == [.warning, .warning])
        #expect(
            remarks.first?.what.hasPrefix(
                "/etc/systemd/system/app.service.d/x.conf:2: CPUAffinity= of app.service is 'no'") == true
        )
        let what = "AllowedCPUs= of wide.service is 0-3, which includes quiet CPUs 2-3"
        #expect(remarks.last?.what.contains(what) == true)
        #expect(try severities(of: .systemdCPUs, on: .isolated()) == [])
    }

    @Test("what systemd, tuned and nova are told are claims")
    func claims() throws {
        var machine = MachineText.isolated()
        machine.file("etc/systemd/system.conf", "[Manager]\nCPUAffinity=0-1\n")
        machine.file("etc/systemd/system/quiet.slice", "[Slice]\nAllowedCPUs=2-3\n")
        machine.file("etc/tuned/active_profile", "realtime\n")
        machine.file("etc/tuned/realtime-variables.conf", "isolated_cores=2-5\n")
        machine.file("etc/nova/nova.conf", "[compute]\ncpu_shared_set=0\n")
        let directory = try RecordedMachine(files: machine.files)
        let evidence = Evidence(
            try ShieldOperations(DirectoryMachine(directory.path)), files: HostFiles(root: directory.path))
        let claims = (SystemdClaims.all(in: evidence) + ProgramClaims.all(in: evidence)).map {
            "\($0.name) \($0.side) \($0.cpus)"
        }
        #expect(
            claims == [
                "systemd CPUAffinity= housekeeping 0-1", "quiet.slice AllowedCPUs= isolated 2-3",
                "tuned isolated_cores isolated 2-5", "nova cpu_shared_set housekeeping 0",
            ])
    }
}
