// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("rtshield itself")
struct OwnRulesTests {
    @Test("a shield that was interrupted is an error")
    func interrupted() throws {
        var machine = MachineText(online: "0-7", unified: true)
        try machine.journal(
            Shield(
                cpus: [2], partitions: [], placement: .open, housekeeping: [0], housekeepingMems: [0], mems: [0]),
            done: false)
        #expect(try severities(of: .shieldState, on: machine) == [.error])
    }

    @Test("what status complains of is told in one line")
    func status() throws {
        var machine = try MachineText.shielded()
        machine.task(100, "stray", affinity: "0-7")
        let remarks = try remarks(of: .shieldState, on: machine)
        #expect(remarks.map(\.severity) == [.warning])
        #expect(remarks.first?.what.hasPrefix("rtshield status reports 1 problem, the first: ") == true)
        #expect(try severities(of: .shieldState, on: .shielded()) == [.ok])
        #expect(try severities(of: .shieldState, on: .isolated()) == [])
    }

    @Test("a mistake in the configuration is told with its place")
    func mistake() throws {
        var machine = MachineText(online: "0-7", unified: true)
        machine.file("etc/rtshield/config.yaml", "shield:\n  cpus: many\n")
        let remarks = try remarks(of: .configurationIsValid, on: machine)
        #expect(remarks.map(\.severity) == [.error])
        #expect(remarks.first?.what.hasPrefix("/etc/rtshield/config.yaml:2:9: ") == true)
        machine.file("etc/rtshield/config.yaml", "shield:\n  cpus: 2-5\n")
        #expect(try severities(of: .configurationIsValid, on: machine) == [.ok])
        #expect(try severities(of: .configurationIsValid, on: .isolated()) == [])
    }

    @Test("a configuration that cannot be read is an error", arguments: ["etc/rtshield/config.yaml/", "large"])
    func unreadable(form: String) throws {
        var machine = MachineText(online: "0-7", unified: true)
        let isLarge = form == "large"
        machine.file(isLarge ? "etc/rtshield/config.yaml" : form, isLarge ? String(repeating: "#", count: 2 << 20) : "")
        #expect(try severities(of: .configurationIsValid, on: machine) == [.error])
    }

    @Test(
        "another shield than the configured one is told", arguments: [("2-5", Finding.Severity.ok), ("2-4", .warning)])
    func other(cpus: String, severity: Finding.Severity) throws {
        var machine = try MachineText.shielded()
        machine.file("etc/rtshield/config.yaml", "shield:\n  cpus: \(cpus)\n")
        #expect(try severities(of: .configurationIsApplied, on: machine) == [severity])
    }

    @Test(
        "a configured shield that does not stand, or cannot, is told",
        arguments: [("2-5", Finding.Severity.warning), ("20", .error)])
    func missing(cpus: String, severity: Finding.Severity) throws {
        var machine = MachineText(online: "0-7", unified: true)
        machine.file("etc/rtshield/config.yaml", "shield:\n  cpus: \(cpus)\n")
        #expect(try severities(of: .configurationIsApplied, on: machine) == [severity])
    }

    @Test("an engine beside a shield that nobody watches is noted")
    func watch() throws {
        var machine = try MachineText.shielded()
        #expect(try severities(of: .watchRuns, on: machine) == [])
        machine.process(50, "dockerd")
        #expect(try severities(of: .watchRuns, on: machine) == [.note])
        machine.process(51, "rtshield", "watch")
        #expect(try severities(of: .watchRuns, on: machine) == [.ok])
    }
}
