// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("tuned")
struct TunedTests {
    private func machine(profile: String, isolated: String?, base: MachineText = .isolated()) -> MachineText {
        var machine = base
        machine.file("etc/tuned/active_profile", profile + "\n")
        let name = profile == "cpu-partitioning-powersave" ? "cpu-partitioning" : profile
        if let isolated { machine.file("etc/tuned/\(name)-variables.conf", "# x\nisolated_cores=\(isolated)\n") }
        return machine
    }

    @Test("other CPUs than are meant are told", arguments: ["realtime-virtual-host", "cpu-partitioning-powersave"])
    func others(profile: String) throws {
        let remarks = try remarks(of: .tunedCPUs, on: machine(profile: profile, isolated: "4-7"))
        #expect(remarks.map(\.severity) == [.warning])
        #expect(remarks.first?.what.contains("-variables.conf:2: tuned isolates CPUs 4-7") == true)
        #expect(try severities(of: .tunedCPUs, on: machine(profile: profile, isolated: "2-5")) == [.ok])
    }

    @Test("a function is not understood, which is said")
    func function() throws {
        let machine = machine(profile: "realtime", isolated: "${f:calc_isolated_cores:1}")
        #expect(try severities(of: .tunedCPUs, on: machine) == [.note])
        #expect(try severities(of: .tunedCPUs, on: self.machine(profile: "realtime", isolated: nil)) == [.note])
    }

    @Test("a profile that isolates nothing is nobody's business", arguments: ["balanced", "../../etc/passwd"])
    func harmless(profile: String) throws {
        #expect(try severities(of: .tunedCPUs, on: machine(profile: profile, isolated: nil)) == [])
        #expect(try severities(of: .tunedCPUs, on: .isolated()) == [])
    }

    @Test("a daemon that places by other CPUs is a rival")
    func rival() throws {
        var machine = machine(profile: "realtime", isolated: "6-7", base: try .shielded())
        #expect(try severities(of: .tunedRivalry, on: machine) == [])
        machine.process(60, "tuned")
        #expect(try severities(of: .tunedRivalry, on: machine) == [.warning])
        machine.file("etc/tuned/realtime-variables.conf", "isolated_cores=2-5\n")
        machine.file("etc/tuned/tuned-main.conf", "dynamic_tuning = 1\n")
        #expect(try severities(of: .tunedRivalry, on: machine) == [.note, .note])
        machine.file("etc/tuned/active_profile", "balanced\n")
        machine.file("etc/tuned/tuned-main.conf", "dynamic_tuning = 0\n")
        #expect(try severities(of: .tunedRivalry, on: machine) == [.ok])
    }
}
