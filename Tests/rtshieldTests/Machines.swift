// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit

/// Machines that several tests look at.
enum Machines {
    /// A shield of CPUs 2-5 of eight.
    static func shield(_ placement: Placement = .open) -> Shield {
        Shield(
            cpus: CPUSet(2...5),
            partitions: [
                Partition("user", cpus: CPUSet(2...5), mems: [0]), Partition("docker", cpus: CPUSet(2...5), mems: [0]),
            ],
            placement: placement, housekeeping: [0, 1, 6, 7], housekeepingMems: [0], mems: [0])
    }

    static let asking = "/system.slice/docker-\(String(repeating: "a", count: 64)).scope"
    static let wide = "/system.slice/docker-\(String(repeating: "b", count: 64)).scope"

    /// Eight CPUs under systemd, shielded, with a guest, a container that asked for nothing, and strays.
    static func shielded() throws -> MachineText {
        var machine = MachineText(online: "0-7", unified: true, systemd: true)
        for path in ["/init.scope", "/system.slice/ssh.service"] {
            machine.group(path, cpus: "0-1,6-7", effective: "0-1,6-7")
        }
        for path in ["/system.slice", "/other.scope", wide] { machine.group(path, cpus: "", effective: "0-7") }
        machine.group(asking, cpus: "3", effective: "3")
        for path in ["", "/rtshield-user.slice", "/rtshield-docker.slice"] {
            machine.group("/rtshield.slice" + path, cpus: "2-5", effective: "2-5")
        }
        addTasks(to: &machine)
        for number in 30..<34 { machine.interrupt(number, effective: "\(number - 30)", allowed: "0-7") }
        machine.interrupt(40, effective: nil, allowed: "6-7")
        machine.interrupt(41, effective: "", allowed: "0-7")
        try machine.journal(shield())
        return machine
    }

    private static func addTasks(to machine: inout MachineText) {
        machine.task(1, "systemd", affinity: "0-1,6-7", group: "/init.scope")
        machine.task(20, "ssh) S (d", affinity: "0-1,6-7", group: "/system.slice/ssh.service")
        machine.task(21, "evil\u{1B}[2J\nname", affinity: "0-7", group: "/other.scope")
        machine.task(22, "redis", affinity: "0-7", group: wide)
        machine.task(23, "rt-app", affinity: "3", group: asking)
        machine.task(24, "cyclictest", affinity: "2-5", group: "/rtshield.slice/rtshield-user.slice")
        machine.task(2, "kthreadd", affinity: "0-1,6-7", flags: MachineText.kernelThread)
        machine.task(3, "scsi_eh_0", affinity: "0-7", flags: MachineText.kernelThread)
        machine.task(4, "irq/24-nvme0q2", affinity: "2", flags: MachineText.kernelThread)
        for cpu in 0..<8 {
            machine.task(100 + cpu, "kworker/\(cpu):1", affinity: "\(cpu)", flags: MachineText.keptByKernel)
            machine.task(120 + cpu, "migration/\(cpu)", affinity: "\(cpu)", flags: MachineText.keptByKernel)
        }
        machine.task(140, "kworker/u16:3", affinity: "0-7", flags: MachineText.keptByKernel)
    }

    /// What `status` finds on a machine.
    static func report(_ text: MachineText) throws -> ShieldReport {
        let directory = try RecordedMachine(files: text.files)
        let machine = try DirectoryMachine(directory.path)
        let shielding = try ShieldOperations(machine)
        return ShieldReport(of: machine, host: shielding.host, journal: shielding.journal)
    }
}
