// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit
package import ShieldKit

/// A file that does not hold what rtshield wrote to it any more.
package struct Drift: Hashable, Sendable, Encodable {
    package var path: String
    package var wrote: String
    /// What it holds now; nil when it is gone.
    package var holds: String?

    /// Compares what the journal says was written with what the files hold, in the order of their paths.
    ///
    /// What the kernel refused is told by itself. Values of containers are left out: whoever changed those asked for other CPUs. A group that went away took its values
    /// with it.
    package static func found(on machine: any Machine, _ applied: AppliedState) -> [Drift] {
        var found: [Drift] = []
        for (file, value) in applied.values where applied.refused[file] == nil {
            // An interrupt that goes elsewhere by now is told of among the interrupts.
            if file.kind == .irqAffinity || file.kind == .defaultIRQAffinity { continue }
            if let group = file.cgroup, group.owner.isContainer, !applied.groups.contains(group) { continue }
            guard let held = machine.asked(of: file), held != value else { continue }
            found.append(Drift(path: machine.path(of: file), wrote: file.text(value), holds: file.text(held)))
        }
        for (path, contents) in applied.units {
            let file = KernelFile(.units, path)
            let text = try? machine.text(of: file)
            if text != contents.text {
                found.append(
                    Drift(
                        path: machine.path(of: file), wrote: "the unit file of rtshield",
                        holds: text.map { _ in "other settings" }))
            }
        }
        for group in applied.groups where !machine.exists(group.directory) {
            found.append(Drift(path: machine.path(of: group.directory), wrote: "a cgroup", holds: nil))
        }
        return found.sorted { $0.path < $1.path }
    }
}
