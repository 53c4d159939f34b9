// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Linux
import MachineKit
import ShieldKit

/// The place in a partition that a program started by `run` takes.
struct RunPlacement {
    private let shielding: ShieldOperations
    private let group: (String) -> CgroupPath?

    init(_ shielding: ShieldOperations, _ shield: Shield) {
        self.shielding = shielding
        let strategy = chooseStrategy(for: shielding.host.layout).strategy
        group = { strategy.cgroup(of: $0, placement: shield.placement) }
    }

    /// Moves this process into the group of a partition, and keeps the affinity it was started with as far as that goes there.
    ///
    /// Under systemd the scope that ``prefix(_:_:)`` makes does it.
    func take(_ partition: Partition) throws(Failure) {
        guard let group = group(partition.name) else { return }
        let machine = shielding.machine
        let before = (try? machine.affinity(of: 0)) ?? []
        do throws(FileError) {
            try machine.write("\(CurrentProcess.id)", to: group.file("cgroup.procs"))
        } catch {
            throw Failure(
                error.description, why: "the process cannot join partition '\(partition.name)'",
                try: "run it as root; 'rtshield status' shows whether the partition is still there",
                status: Exit.runFailed)
        }
        let wanted = before.intersection(partition.cpus)
        // PID 1 and its children may be held to housekeeping by affinity, which would follow the program onto the shield; all
        // CPUs mean that it has no request of its own.
        try? machine.setAffinity(wanted.isEmpty ? shielding.host.topology.possible : wanted, of: 0)
    }

    /// What stands before the command: on a host whose tree systemd owns, the program gets a scope of its own.
    static func prefix(_ shielding: ShieldOperations, _ partition: Partition) -> [String] {
        guard shielding.host.layout.owner == .systemd else { return [] }
        let slice = SystemdUnits.slice(of: partition.name)
        let release = SystemdVersion.ofPrograms(on: shielding.machine) ?? 0
        // A `$` in the command is the program's. Without this systemd-run warns of it (254), and later replaces it.
        let verbatim = release >= SystemdVersion.expansion ? ["--expand-environment=no"] : []
        return ["systemd-run", "--scope", "--quiet", "--collect", "--slice=\(slice)"] + verbatim + ["--"]
    }
}

/// Finds the program that `run` is to start, so that a missing one is told apart from one that cannot be invoked.
enum ProgramFile {
    /// The path of a program, searched along `PATH` when its name holds no slash, as execvp(3) does.
    static func find(_ name: String) throws(Failure) -> String {
        let candidates = name.contains("/") ? [name] : searchPath.map { $0 + "/" + name }
        var found: String?
        for path in candidates {
            guard let descriptor = try? FileDescriptor.open(path, .reading), let status = try? descriptor.status()
            else {
                continue
            }
            guard status.kind == .file else {
                found = found ?? path
                continue
            }
            if status.permissions & 0o111 != 0 { return path }
            found = found ?? path
        }
        if let found {
            throw Failure("run: cannot start '\(found)': \(Errno.permissionDenied)", status: Exit.cannotInvoke)
        }
        throw Failure("run: program '\(name)' not found", try: "give its path, or see PATH", status: Exit.notFound)
    }

    private static var searchPath: [String] {
        let path = CurrentProcess.environmentVariable("PATH") ?? "/usr/bin:/bin"
        return path.split(separator: ":", omittingEmptySubsequences: false).map { $0.isEmpty ? "." : String($0) }
    }
}
