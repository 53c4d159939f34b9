// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

/// The partitions that unit files make (`CPUSetPartition=`, systemd 261): what systemd leaves to be done.
struct SystemdPartitions {
    let machine: any Machine
    let host: Host

    /// Ends those that are no longer wanted, before their slices stop.
    ///
    /// systemd leaves the value when its setting goes, and the CPUs of a partition whose group is removed leak (6.7 to 6.19).
    func end(_ change: UnitChange) {
        for file in change.files where file.old?.settings?.partition != nil && file.new?.settings?.partition == nil {
            guard let state = machine.value(of: knob(of: file)), state != "member" else { continue }
            // A group that is gone has no partition to end.
            try? machine.write("member", to: knob(of: file))
        }
    }

    /// Reads back those that are wanted: systemd only logs what the kernel says of them.
    func check(_ change: UnitChange) throws(Refusal) {
        for file in change.files {
            guard let kind = file.new?.settings?.partition else { continue }
            let text = machine.textIfPresent(of: machine.location(of: knob(of: file))) ?? ""
            let state = PartitionState(text)
            guard state != PartitionState(kind) else { continue }
            let path = machine.path(of: knob(of: file))
            let cause: Refusal.Cause =
                if let state, !state.isValid {
                    .invalidPartition(path: path, state)
                } else {
                    .notHeld(path: path, wanted: kind.rawValue, found: text)
                }
            let write = Write(knob(of: file), old: "member", new: .word(kind.rawValue), why: "")
            throw Diagnosis(machine: machine, host: host).explain(cause, write)
        }
    }

    private func knob(of file: UnitChange.File) -> ControlFile {
        .partition(of: SystemdUnits.group(of: file.path))
    }
}
