// SPDX-License-Identifier: Apache-2.0

import Glibc
import MachineKit
import RecordedMachines
import ShieldKit

@testable import Checks

extension MachineText {
    /// A machine of eight CPUs, of which 2-5 are shielded.
    static func shielded(unified: Bool = true, systemd: Bool = false) throws -> MachineText {
        var machine = MachineText(online: "0-7", unified: unified, systemd: systemd)
        let quiet = CPUSet(2...5)
        try machine.journal(
            Shield(
                cpus: quiet, partitions: [Partition("docker", cpus: quiet, mems: [0])], placement: .open,
                housekeeping: [0, 1, 6, 7], housekeepingMems: [0], mems: [0], attributes: []))
        return machine
    }

    /// A machine of eight CPUs, of which the kernel's command line isolates 2-5.
    static func isolated(unified: Bool = true) -> MachineText {
        var machine = MachineText(online: "0-7", unified: unified)
        machine.file("proc/cmdline", "nohz_full=2-5\n")
        return machine
    }

    /// Adds a process with a command line.
    mutating func process(_ id: Int, _ arguments: String..., affinity: String = "0-1,6-7", group: String = "/") {
        task(id, arguments[0], affinity: affinity, group: group)
        file("proc/\(id)/cmdline", arguments.map { $0 + "\0" }.joined())
    }

    /// Adds a thread `CPU n/KVM` of a guest.
    mutating func virtualCPU(_ number: Int, of process: Int, affinity: String, policy: Int) {
        let id = process + number + 1
        task(id, "CPU \(number)/KVM", affinity: affinity)
        file("proc/\(process)/task/\(id)/", "")
        schedule(id, policy: policy, priority: policy == 0 ? 0 : 1)
    }

    /// Gives a task a policy by its number.
    mutating func schedule(_ id: Int, policy: Int, priority: Int) {
        let stat = files["proc/\(id)/stat"] ?? ""
        let end = stat.lastIndex(of: ")") ?? stat.startIndex
        var fields = stat[end...].split(separator: " ").map(String.init)
        fields[38] = "\(priority)"
        fields[39] = "\(policy)"
        file("proc/\(id)/stat", stat[..<end] + fields.joined(separator: " ") + "\n")
    }
}

/// What one rule finds on a recorded machine whose files were changed meanwhile.
func remarks(of rule: Rule, on machine: MachineText, preparing prepare: (String) -> Void) throws -> [RuleResult] {
    let directory = try RecordedMachine(files: machine.files)
    prepare(directory.path)
    let shielding = try ShieldOperations(DirectoryMachine(directory.path))
    return rule.look(Evidence(shielding, files: HostFiles(root: directory.path)))
}

/// Changes the permissions of files of a recorded machine.
func permitting(_ permissions: mode_t, _ files: String...) -> (String) -> Void {
    { root in for file in files { chmod(root + file, permissions) } }
}
