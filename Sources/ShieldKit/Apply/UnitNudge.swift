// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

/// Has systemd apply what it read.
///
/// systemd 257 takes new limits at `daemon-reload` and queues no unit for them: it takes each for queued already
/// (unit_invalidate_cgroup() in `src/core/cgroup.c`). A unit that starts queues the active units of its slice, and of the slices
/// above; so one that does nothing is started where late ones are.
struct UnitNudge {
    let machine: any Machine

    /// Starts a unit in each slice that has late units, but in none above another of them.
    func nudge(_ units: [CgroupPath]) {
        let slices = Set(units.map(\.parent))
        for slice in slices.sorted() where !slices.contains(where: { $0 != slice && $0.isWithin(slice) }) {
            // What stays late is told; without '--wait', which needs a D-Bus daemon.
            _ = try? machine.run([
                "systemd-run", "--quiet", "--collect", "--no-ask-password", "--slice=\(SystemdUnits.unit(of: slice))",
                "--description=rtshield has the CPUs of this slice's units applied", "true",
            ])
        }
    }
}
