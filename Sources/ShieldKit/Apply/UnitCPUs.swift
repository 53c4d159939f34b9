// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit

/// Writes the CPUs of a group so that they last, also where the group is a unit that systemd keeps, as the scope of a container.
///
/// At each `daemon-reload` systemd 262 writes an empty list to every unit that has no `AllowedCPUs=`. Kernels up to 6.12 keep what a
/// populated group has, because they refuse the empty list (ENOSPC); 7.2 takes it, so there the unit has to have the list too.
/// Where it is not needed it would do no harm, but cost a call to PID 1 for each container.
package struct UnitCPUs {
    private static let lastKeeping = KernelVersion(6, 12)

    private let machine: any Machine

    package init(machine: any Machine) { self.machine = machine }

    /// Writes a list, which may be empty, and has systemd keep it.
    ///
    /// The file comes first: it counts at once, even while PID 1 is reloading and answers nobody. systemd then writes the same.
    ///
    /// - Parameters:
    ///   - value: What is to be written.
    ///   - file: Any file; only the CPUs of a unit's group are of interest to systemd.
    /// - Throws: `FileError` if the kernel refuses; then systemd is told nothing.
    package func write(_ value: ControlValue, to file: ControlFile) throws(FileError) {
        try machine.write(value, to: file)
        keep(value, of: file)
    }

    /// Has systemd keep what the file of a unit holds already.
    ///
    /// A unit that ended meanwhile has nothing to keep, and where PID 1 does not answer the file still counts until the next reload.
    package func keep(_ value: ControlValue, of file: ControlFile) {
        guard let unit = unit(of: file), let cpus = value.cpus, let release else { return }
        if release > Self.lastKeeping { try? machine.setAllowedCPUs(cpus, of: unit) }
    }

    private var release: KernelVersion? {
        machine.textIfPresent(of: KernelFile(.proc, "sys/kernel/osrelease")).flatMap { KernelVersion(release: $0) }
    }

    /// The unit whose CPUs a file has; nil when it is another file, or systemd has them from a drop-in of rtshield.
    private func unit(of file: ControlFile) -> String? {
        guard machine.layout?.owner == .systemd, file.kind == .cpus, let group = file.cgroup else { return nil }
        guard group.name.hasSuffix(".scope") || group.name.hasSuffix(".service"),
            !SystemdUnits.isNarrowedItself(group),
            group.components.dropLast().allSatisfy({ $0.hasSuffix(".slice") })
        else { return nil }
        return SystemdUnits.unit(of: group)
    }
}
