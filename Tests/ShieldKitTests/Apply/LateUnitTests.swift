// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import Reports
@testable import ScriptedMachines

@Suite("Units to which systemd does not give their CPUs by itself")
struct LateUnitTests {
    private static let housekeeping: CPUSet = [0, 1, 6, 7]
    private static let units: [String] = [
        "/init.scope", "/system.slice/cron.service", "/system.slice/system-getty.slice/getty@tty1.service",
        "/user.slice/user-1000.slice/session-1.scope", "/user.slice/user-1000.slice/user@1000.service",
    ]

    /// Debian 13: a reload shows when a unit of the slice is realised.
    private func debian13() throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.systemd, kernel: "6.12.0")
        machine.systemd?.appliesReloads = false
        for (index, unit) in Self.units.enumerated() {
            try machine.add(group: unit)
            machine.add(task: 300 + Int32(index), "daemon", in: unit)
        }
        try machine.add(group: Self.units[4] + "/init.scope")
        machine.add(task: 310, "systemd", in: Self.units[4] + "/init.scope")
        return machine
    }

    private func nudges(_ machine: ScriptedMachine) -> [String] {
        machine.trace.filter { $0.hasPrefix("run systemd-run") }.compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("--slice=") }.map { String($0.dropFirst("--slice=".count)) }
        }
    }

    private func cpus(_ machine: ScriptedMachine) -> [CPUSet?] {
        Self.units.map { machine.cpusets.groups[CgroupPath($0)]?.cpus }
    }

    @Test("a unit is realised in each slice that has late ones, and in none above another")
    func nudged() throws {
        let machine = try debian13()
        let report = try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(cpus(machine) == Self.units.map { _ in Self.housekeeping })
        #expect(report.late == [])
        #expect(nudges(machine) == ["system-getty.slice", "user-1000.slice"])
        #expect(machine.uptime < .seconds(3))
    }

    @Test("another list, taking it away and a new shield are applied in the same way")
    func resized() throws {
        let machine = try debian13()
        let before = machine.snapshot
        for _ in 0..<2 {
            try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
            #expect(cpus(machine) == Self.units.map { _ in Self.housekeeping })
            try machine.create(ShieldRequest(cpus: [0, 1]))
            #expect(cpus(machine) == Self.units.map { _ in [2, 3, 4, 5, 6, 7] })
            #expect(machine.cpusets.groups["/rtshield.slice/rtshield-user.slice"]?.cpus == [0, 1])
            try machine.destroy()
            #expect(machine.differences(from: before) == [])
        }
    }

    @Test("systemd that applies a reload by itself is not nudged")
    func punctual() throws {
        let machine = try debian13()
        machine.systemd?.appliesReloads = true
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(cpus(machine) == Self.units.map { _ in Self.housekeeping })
        #expect(nudges(machine) == [])
    }

    @Test("a unit that stays late is told, and its tasks leave the shield by affinity until the shield goes")
    func stubborn() throws {
        let machine = try debian13()
        machine.systemd?.deaf = ["user@1000.service"]
        let before = machine.snapshot
        let report = try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(report.late.map(\.unit) == ["user@1000.service"])
        #expect(cpus(machine).dropLast().allSatisfy { $0 == Self.housekeeping })
        #expect(machine.cpusets.tasks[304]?.affinity == Self.housekeeping, "in the group of the unit")
        #expect(machine.cpusets.tasks[310]?.affinity == Self.housekeeping, "in a group below")
        let finding = try #require(Finding(late: report.late))
        #expect(finding.what == "systemd has not applied CPUs 0-1,6-7 to user@1000.service")
        #expect(try findings(machine).contains(finding))
        // A task that came meanwhile is swept, too.
        machine.add(task: 311, "late", in: Self.units[4])
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(machine.cpusets.tasks[311]?.affinity == Self.housekeeping)
        machine.cpusets.tasks[311] = nil
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    private func findings(_ machine: ScriptedMachine) throws -> [Finding] {
        let shielding = try ShieldOperations(machine)
        return ShieldReport(of: machine, host: shielding.host, journal: shielding.journal).findings
    }

    @Test("processes that a unit left behind are not waited for, and leave the shield by affinity")
    func over() throws {
        let machine = try debian13()
        try machine.add(group: "/system.slice/gone.service")
        machine.add(task: 320, "left", in: "/system.slice/gone.service")
        machine.systemd?.ended = ["gone.service"]
        let report = try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(report.late == [])
        #expect(machine.cpusets.tasks[320]?.affinity == Self.housekeeping)
        #expect(machine.uptime < .seconds(3))
        #expect(try findings(machine).allSatisfy { !$0.what.contains("gone.service") })
    }

    @Test("units of another systemd, and those without a task, are nobody's delay")
    func foreign() throws {
        let machine = try ScriptedMachine(.systemd, kernel: "6.12.0")
        for (id, group) in [
            (1, "/lxc.payload.web/init.scope"), (2, "/lxc.payload.web/system.slice/nginx.service"),
            (3, "/system.slice/docker-1.scope/init.scope"),
        ] as [(Int32, String)] {
            try machine.add(group: group)
            machine.add(task: 400 + id, "inside", in: group)
        }
        try machine.add(group: "/system.slice/idle.service")
        machine.systemd?.deaf = ["idle.service"]
        let report = try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(report.late == [] && nudges(machine) == [])
        #expect(machine.uptime < .seconds(1))
    }

    @Test("a slice of the shield that stays late is a refusal, and everything is as before")
    func worthless() throws {
        let machine = try debian13()
        machine.systemd?.deaf = ["rtshield-docker.slice"]
        let before = machine.snapshot
        let error = #expect(throws: ShieldError.self) { try machine.create(ShieldRequest(cpus: [2, 3, 4, 5])) }
        guard case .refused(let refusal)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(refusal.what.contains("rtshield-docker.slice/cpuset.cpus") && refusal.left == [])
        #expect(refusal.why == "systemd took the unit files and did not apply them to rtshield-docker.slice")
        #expect(machine.uptime < .seconds(15))
        #expect(machine.differences(from: before) == [])
    }

    @Test("many late units make one line")
    func many() throws {
        let units = (1...10).map {
            LateUnit(group: CgroupPath("/system.slice/s\($0).service"), wanted: [0, 1], holds: [])
        }
        #expect(
            Finding(late: units)?.what
                == "systemd has not applied CPUs 0-1 to 10 units: s1.service, s2.service, s3.service, "
                + "s4.service, s5.service, s6.service, s7.service, s8.service and 2 more")
        #expect(Finding(late: []) == nil)
    }

    @Test(
        "a unit is called as systemd calls it",
        arguments: [("/", "-.slice"), ("/system.slice/_cpu.service", "cpu.service"), ("/init.scope", "init.scope")])
    func names(group: String, unit: String) {
        #expect(SystemdUnits.unit(of: CgroupPath(group)) == unit)
    }
}
