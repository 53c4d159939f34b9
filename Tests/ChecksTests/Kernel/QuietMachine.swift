// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import ShieldKit

@testable import Checks

/// A machine of eight CPUs of which 2-5 are meant to be quiet, because `nohz_full=2-5` was given unless told otherwise.
func quietMachine(
    _ arguments: String = "nohz_full=2-5", release: String = "6.12.1-test", unified: Bool = true,
    files: KeyValuePairs<String, String> = [:]
) -> MachineText {
    var machine = MachineText(online: "0-7", unified: unified, release: release)
    machine.file("proc/cmdline", arguments + "\n")
    for (path, text) in files { machine.file(path, text + "\n") }
    return machine
}

/// The same, where a shield with some attributes keeps CPUs 2-5 quiet.
func shieldedMachine(
    _ attributes: [NoiseSource] = NoiseSource.defaults.sorted(), arguments: String = "quiet",
    cpus: CPUSet = [2, 3, 4, 5],
    placement: Placement = .open, files: KeyValuePairs<String, String> = [:]
) throws -> MachineText {
    var machine = quietMachine(arguments, files: files)
    let partitions = [Partition.processes, Partition.containers].map { Partition($0, cpus: cpus, mems: [0]) }
    try machine.journal(
        Shield(
            cpus: cpus, partitions: partitions, placement: placement,
            housekeeping: CPUSet(0...7).subtracting(cpus), housekeepingMems: [0], mems: [0], attributes: attributes))
    return machine
}

/// A file of a CPU, or of all of them.
let cpuFiles = "sys/devices/system/cpu/"
