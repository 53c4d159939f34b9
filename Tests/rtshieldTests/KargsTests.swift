// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import MachineKit
import Profiles
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import rtshield

@Suite("kargs, from outside")
struct KargsTests {
    /// An eight-CPU machine with an Intel CPU.
    private static var machine: MachineText {
        var text = MachineText(online: "0-7", unified: true)
        text.file("proc/cpuinfo", "processor\t: 0\nvendor_id\t: GenuineIntel\n")
        return text
    }

    private struct Payload: Decodable {
        struct Argument: Decodable {
            var text: String
            var name: String
            var value: String?
            var cpus: String?
            var runTime: String
            var link: String
        }
        struct Explained: Decodable {
            var name: String
            var value: String?
        }
        var profile: String
        var isolated: String
        var housekeeping: String
        var vendor: String?
        var commandLine: String
        var kernelArguments: [Argument]
        var kubelet: [Explained]
        var services: [Explained]
        var warnings: [String]
    }

    @Test("one line of arguments is what it prints, of a recorded machine or of one that is only named")
    func line() throws {
        let machine = try RecordedMachine(files: Self.machine.files)
        for of in [["--sysroot", machine.path], ["--machine-cpus", "0-7"]] {
            let result = try Child.run(["kargs", "--cpus", "2-5"] + of)
            #expect(result.status == 0 && result.errors == "")
            #expect(
                result.output
                    == "nohz_full=2-5 rcu_nocbs=2-5 isolcpus=managed_irq,2-5 irqaffinity=0-1,6-7 skew_tick=1\n")
        }
    }

    @Test("each format is what the library makes of it", arguments: Profile.allCases, Format.allCases)
    func formats(profile: Profile, format: Format) throws {
        let result = try Child.run(
            "kargs", "-c", "2-5", "-p", profile.rawValue, "-f", format.rawValue, "--machine-cpus", "0-7", "--vendor",
            "amd")
        let hardware = Hardware(topology: Topology(cpus: CPUSet(0...7)), vendor: .amd)
        let settings = try HostSettings(profile: profile, isolated: CPUSet(2...5), machine: hardware)
        #expect(result.status == 0 && result.errors == "")
        #expect(result.output == settings.text(as: format))
    }

    @Test("--explain says everything of a profile", arguments: Profile.allCases)
    func explained(profile: Profile) throws {
        let machine = try RecordedMachine(files: Self.machine.files)
        let result = try Child.run(
            "kargs", "--cpus", "2-5", "--profile", profile.rawValue, "--explain", "--sysroot", machine.path)
        #expect(result.status == 0 && result.errors == "")
        try expect(result.output, matches: "kargs-\(profile.rawValue).txt")
    }

    @Test("--explain with a format says what that one carries")
    func explainedFormat() throws {
        let explain = { (format: String) in
            try Child.run("kargs", "-c", "2-5", "--machine-cpus", "0-7", "-f", format, "--explain").output
        }
        #expect(try explain("kubelet").contains("reservedSystemCPUs"))
        #expect(try !explain("kubelet").contains("nohz_full"))
        #expect(try explain("tuned").contains("network-latency"))
        #expect(try explain("grub") == explain("cmdline"))
        #expect(try !explain("grub").contains("reservedSystemCPUs"))
    }

    @Test("--json is for programs")
    func json() throws {
        let machine = try RecordedMachine(files: Self.machine.files)
        let result = try Child.run("kargs", "-c", "2-5", "-p", "openshift", "--json", "--sysroot", machine.path)
        let payload = try JSONDecoder().decode(Payload.self, from: Data(result.output.utf8))
        #expect(payload.profile == "openshift" && payload.vendor == "intel")
        #expect(payload.isolated == "2-5" && payload.housekeeping == "0-1,6-7")
        #expect(payload.commandLine == payload.kernelArguments.map(\.text).joined(separator: " "))
        let isolcpus = try #require(payload.kernelArguments.first { $0.name == "isolcpus" })
        #expect(isolcpus.value == "managed_irq,2-5" && isolcpus.cpus == "2-5" && isolcpus.runTime == "boot-only")
        let nosoftlockup = try #require(payload.kernelArguments.first { $0.name == "nosoftlockup" })
        #expect(nosoftlockup.value == nil && nosoftlockup.cpus == nil && nosoftlockup.runTime == "rtshield")
        #expect(payload.kubelet.first { $0.name == "reservedSystemCPUs" }?.value == "0-1,6-7")
        #expect(payload.warnings == [])
    }

    @Test(
        "CPUs that cannot be isolated are one clear line, and exit 2",
        arguments: [
            ("6-9", "CPU 8-9 does not exist: the machine has CPUs 0-7"), ("0-7", "leave at least one to the system"),
            ("5-2", "5 is greater than 2"), ("", "is empty"),
        ])
    func badCPUs(list: String, mentions: String) throws {
        let result = try Child.run("kargs", "--machine-cpus", "0-7", "--cpus", list)
        #expect(result.status == 2 && result.output == "")
        #expect(result.errors.hasPrefix("rtshield: kargs: --cpus: "), "\(result.errors)")
        #expect(result.errors.contains(mentions), "\(result.errors)")
        #expect(result.errors.split(separator: "\n").count == 2)
    }

    @Test(
        "words that do not go together, or are unknown, exit 2",
        arguments: [
            (["--json", "--format", "grub"], "--json prints everything"),
            (["--json", "--explain"], "--json prints everything"),
            (["--sysroot", "/", "--machine-cpus", "0-7"], "mutually exclusive"),
            (["--profile", "openshft"], "did you mean 'openshift'?"),
            (["--format", "lilo"], "is not one of cmdline, grub"),
            (["--vendor", "arm"], "is not one of intel, amd, other"),
            (["--machine-cpus", "x"], "'x' is not a CPU number"),
        ])
    func usage(words: [String], mentions: String) throws {
        let result = try Child.run(["kargs", "--cpus", "2-5"] + words)
        #expect(result.status == 2 && result.output == "")
        #expect(result.errors.contains(mentions), "\(result.errors)")
    }

    @Test("without --cpus there is nothing to print")
    func missing() throws { #expect(try Child.run("kargs").status == 2) }

    @Test("what may not be meant is a warning beside the answer")
    func warnings() throws {
        var text = Self.machine
        for (cpu, core) in [(0, "0,4"), (1, "1,5"), (2, "2,6"), (3, "3,7")] {
            text.file("sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list", core + "\n")
        }
        let machine = try RecordedMachine(files: text.files)
        let result = try Child.run("kargs", "--cpus", "0-1,5", "--sysroot", machine.path)
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("nohz_full=0-1,5 "))
        let lines = result.errors.split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.hasPrefix("rtshield: warning: CPU 0 ") }, "\(lines)")
    }

    @Test("a recording tells who made the CPUs of this machine")
    func vendor() throws {
        let directory = try RecordedMachine(files: [:])
        _ = try Child.run("snapshot", directory.path)
        let machine = try RecordedMachine(files: ["empty": ""])
        let cpuinfo = String(decoding: try Data(contentsOf: URL(filePath: "/proc/cpuinfo")), as: UTF8.self)
        let recorded = try Data(contentsOf: URL(filePath: directory.path + "/proc/cpuinfo"))
        #expect(CPUVendor(cpuinfo: String(decoding: recorded, as: UTF8.self)) == CPUVendor(cpuinfo: cpuinfo))
        #expect(try Child.run("kargs", "-c", "1", "--sysroot", machine.path).status == 1)
    }
}
