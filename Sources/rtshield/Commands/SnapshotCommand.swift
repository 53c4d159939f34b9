// SPDX-License-Identifier: Apache-2.0

import Checks
import CommandTable
import MachineKit
import ShieldKit
import Snapshots
import Text

/// `rtshield snapshot`: records this machine as a directory that `--sysroot` reads back.
enum SnapshotCommand {
    struct Arguments: Sendable {
        var directory = ""
    }

    static let description = Command(
        "snapshot", "Record this machine as a directory for --sysroot", Arguments(),
        details: [
            "Records what rtshield reads: the kernel, its CPUs, interrupts and mounts, every task's name and affinity, "
                + "the cpuset hierarchy, the journal of the shield, and the configuration of kubelet, engines, tuned, "
                + "systemd and irqbalance, including the command lines of these daemons. Values of keys such as 'password' "
                + "and 'token' are left out of files. Containers' configurations and the memory of programs are not "
                + "recorded, but the names of tasks and cgroups are: review the recording before you share it.",
            "Files that disappear meanwhile, or that cannot be read, are left out and counted.",
        ],
        operands: .one("DIR", \.directory, completion: .directory) { path in
            if path.isEmpty { throw UsageError("a path is missing") }
            return path
        },
        examples: [
            ("rtshield snapshot /tmp/host", "Record"),
            ("rtshield status --sysroot /tmp/host", "Read the recording, on any machine"),
        ],
        perform: perform)

    /// What `check` reads of this machine, which nobody could list by hand and keep right.
    private static func log() throws -> ReadLog {
        let log = ReadLog()
        let shielding = try ShieldOperations(try Session.machine("/", log: log))
        _ = CheckReport(of: Evidence(shielding, files: HostFiles(log: log)))
        return log
    }

    private static func perform(_ arguments: Arguments) throws -> Int32 {
        let machine = try Session.machine("/")
        let log = try log()
        let report: Recorder.Report
        do throws(RecordingError) {
            report = try Recorder(machine, into: arguments.directory).record(log)
        } catch {
            var problem = error.problem
            problem.what = "snapshot: \(problem.what)"
            throw Failure(problem)
        }
        var lines = ["Recorded \(report.files) files of this machine in \(arguments.directory).\n"]
        if report.vanished > 0 { lines.append("  \(report.vanished) files disappeared meanwhile.\n") }
        for (path, errno) in report.refused.prefix(5) { lines.append("  left out: \(path.safeToPrint): \(errno)\n") }
        if report.refused.count > 5 {
            lines.append("  left out: \(report.refused.count - 5) more that cannot be read\n")
        }
        try Output.write(lines.joined())
        return Exit.done
    }
}
