// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

/// Has systemd keep the CPUs that were written to the group of one of its units, as the scope of a container.
///
/// At each `daemon-reload` systemd 262 writes an empty list to every unit that has no `AllowedCPUs=`. Kernels up to 6.12 keep what a
/// populated group has, because they refuse the empty list (ENOSPC); 7.2 takes it, so there the unit has to have the list too.
/// Where it is not needed it would do no harm, but cost a call to PID 1 for each container.
struct UnitCPUs {
    private static let lastKeeping = KernelVersion(6, 12)

    private let machine: any Machine
    /// nil where it was not observed.
    private let kernel: KernelVersion?

    init(machine: any Machine, kernel: KernelVersion? = nil) {
        self.machine = machine
        self.kernel = kernel
    }

    /// Has systemd keep what was written to the file of a unit.
    ///
    /// The file comes first: it counts at once, even while PID 1 is reloading and answers nobody. systemd then writes the same.
    /// A unit that ended meanwhile has nothing to keep, and where PID 1 does not answer the file still counts until the next reload.
    func keep(_ value: ControlValue, of file: ControlFile) {
        guard let unit = unit(of: file), let cpus = value.cpus, let kernel = kernel ?? running else { return }
        if kernel > Self.lastKeeping { try? machine.setAllowedCPUs(cpus, of: unit) }
    }

    private var running: KernelVersion? {
        machine.textIfPresent(of: KernelFile(.proc, "sys/kernel/osrelease")).flatMap { KernelVersion(release: $0) }
    }

    /// The unit whose CPUs a file has; nil when it is another file, or systemd has them from a drop-in of rtshield.
    private func unit(of file: ControlFile) -> String? {
        guard machine.layout?.owner == .systemd, file.kind == .cpus, let group = file.cgroup else { return nil }
        return group.owner.isUnit && !SystemdUnits.isNarrowedItself(group) ? SystemdUnits.unit(of: group) : nil
    }
}
