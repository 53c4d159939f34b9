// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import FoundationEssentials
import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import rtshield

@Suite("Recording a machine")
struct RecordingTests {
    /// Where recorded machines are kept.
    private static let machines =
        String(#filePath.dropLast("rtshieldTests/RecordingTests.swift".count)) + "Machines/"

    /// What has to be the same, whatever tasks came and went meanwhile.
    private static func stable(_ report: ShieldReport) -> [String] {
        [
            "\(report.state)", "\(report.kernel)", "\(report.cgroups)", "\(report.strategy)", "\(report.shield as Any)",
            "\(report.cpus.map { [$0.cpu, $0.node ?? -1] })", "\(report.cpus.map(\.irqs).reduce(0, +))",
            "\(report.cpus.map(\.isOnline))",
            "\(report.cpus.map(\.siblings))", "\(report.pool as Any)", "\(report.partitions.map(\.name))",
        ]
    }

    private static func report(_ directory: String) throws -> (ShieldReport, ShieldOperations) {
        let machine = try DirectoryMachine(directory)
        let shielding = try ShieldOperations(machine)
        return (ShieldReport(of: machine, host: shielding.host, journal: shielding.journal), shielding)
    }

    @Test("a recording of this machine tells what this machine tells, and is planned for alike")
    func roundTrip() throws {
        let directory = try RecordedMachine(files: [:])
        let result = try Child.run("snapshot", directory.path)
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("Recorded "), "\(result)")
        let (live, liveShielding) = try Self.report("/")
        let (recorded, recordedShielding) = try Self.report(directory.path)
        #expect(Self.stable(recorded) == Self.stable(live))
        let request = ShieldRequest(cpus: CPUSet([live.cpus.last?.cpu ?? 0]), placement: .open)
        #expect(try recordedShielding.plan(request) == liveShielding.plan(request))
        let tasks = { (report: ShieldReport) in Double(report.cpus.map(\.tasks).reduce(0, +)) }
        #expect(abs(tasks(recorded) - tasks(live)) < tasks(live) / 2, "\(tasks(recorded)) of \(tasks(live))")
    }

    @Test("a directory that holds something is refused, and left as it is")
    func occupied() throws {
        let directory = try RecordedMachine(files: ["here": "first"])
        let result = try Child.run("snapshot", directory.path)
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("rtshield: snapshot: \(directory.path) is not empty\n  try:"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["here"])
    }

    @Test("a file in the place of the directory is refused")
    func file() throws {
        let directory = try RecordedMachine(files: ["file": ""])
        #expect(try Child.run("snapshot", directory.path + "/file").errors.contains("is not a directory"))
    }

    @Test("a directory is made, but not those above it")
    func above() throws {
        let directory = try RecordedMachine(files: [:])
        #expect(try Child.run("snapshot", directory.path + "/new/").status == 0)
        let result = try Child.run("snapshot", directory.path + "/none/new")
        #expect(result.status == 1)
        #expect(result.errors.contains("create the parent directory first"))
    }

    @Test("threads are recorded beside processes, with the cgroup and the CPUs of each")
    func threads() throws {
        let directory = try RecordedMachine(files: [:])
        _ = try Child.run("snapshot", directory.path)
        let machine = try DirectoryMachine(directory.path)
        let threads = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").compactMap { Int32($0) }
        let recorded = threads.filter { HostTask(reading: $0, on: machine) != nil }
        // This very program waited for the recording, with threads of its own.
        #expect(recorded.count > 1 && machine.taskIDs().contains(recorded[0]))
    }

    @Test("a shielded machine that was recorded draws the same on any machine")
    func committed() throws {
        let (report, _) = try Self.report(Self.machines + "v1-shielded")
        try expect(
            report.text(Style(hasColours: false, width: 80)),
            matches: "status-v1-shielded.txt")
    }
}
