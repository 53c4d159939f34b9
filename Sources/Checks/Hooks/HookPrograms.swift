// SPDX-License-Identifier: Apache-2.0

import Engines
import Linux
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let hookPrograms = Rule(
        "programs", .hooks,
        title: "The program of every hook exists and can be executed",
        why: "Engines silently skip a hook whose program is missing.",
        reference: hooksManual
    ) { evidence in
        let hooks = evidence.hooks
        return hooks.entries.compactMap { entry in
            guard let program = entry.program, program.hasPrefix("/") else { return nil }
            guard let fault = evidence.files.fault(ofProgram: program) else {
                return entry.isOurs ? .ok("\(entry.path) runs \(program)") : nil
            }
            let what = "\(entry.path): \(fault)"
            if entry.isOurs, hooks.isRead(entry) {
                return .error(what, wanted: "a program that root can run", fix: "make install; rtshield install podman")
            }
            return .warning(
                what, wanted: "a program that root can run",
                fix: "install the package of the program, or: rm "
                    + "\(entry.path)")
        }
    }

    static let programOwners = Rule(
        "owners", .hooks,
        title: "Only root can change the programs that engines run as root",
        why: "A user who can write to them, or to their directory, can become root on this machine.",
        reference: "https://owasp.org/www-community/Access_Control"
    ) { evidence in
        evidence.ownPrograms.compactMap { path in
            guard let status = try? evidence.files.status(of: path) else { return nil }
            let isOpen = status.permissions & 0o002 != 0 || status.permissions & 0o020 != 0 && status.group != 0
            // A recording belongs to whoever made it.
            guard isOpen || status.owner != 0 && !evidence.machine.isRecorded else { return nil }
            let what = isOpen ? "is writable for users other than root" : "belongs to user \(status.owner)"
            return .error(
                "\(path) \(what)", wanted: "root as its owner, and no other user with write permission",
                fix: "chown root:root \(path); chmod go-w \(path)")
        }
    }
}

extension HostFiles {
    /// Why a program cannot be run; nil when it can.
    func fault(ofProgram path: String) -> String? {
        guard let status = try? status(of: path) else { return "there is no \(path)" }
        if status.kind != .file { return "\(path) is not a regular file" }
        return status.permissions & 0o111 == 0 ? "\(path) cannot be executed" : nil
    }
}

extension Evidence {
    /// rtshield's programs and the directories that they are in: where they usually are, and where engines are told they are.
    fileprivate var ownPrograms: [String] {
        let named = hooks.ours.compactMap(\.program) + [docker.runtime, containerd.program].compactMap(\.self)
        let directories = Set(named.filter { $0.hasPrefix("/") }.map { String($0.prefix(upTo: $0.lastSlash)) })
            .union([Programs.usualDirectory])
        return directories.sorted().flatMap { directory -> [String] in
            let programs = ["rtshield", Programs.hookName, Programs.runtimeName].map { directory + "/" + $0 }
                .filter(files.exists)
            return programs.isEmpty || directory.isEmpty ? programs : [directory] + programs
        }
    }
}

extension String {
    /// Where the name of a file begins, with the slash before it.
    fileprivate var lastSlash: Index { lastIndex(of: "/") ?? startIndex }
}
