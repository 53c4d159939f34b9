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
    /// Values of containers are left out: whoever changed those asked for other CPUs. A group that went away took its values
    /// with it.
    package static func found(on machine: any Machine, _ applied: AppliedState) -> [Drift] {
        var found: [Drift] = []
        for (file, value) in applied.values {
            // An interrupt that goes elsewhere by now is told of among the interrupts.
            if file.tree == .proc, file.path.hasPrefix("irq/") { continue }
            if file.tree == .cpuset, EngineCgroups.isContainer(CgroupPath(file.path).parent),
                !applied.groups.contains(CgroupPath(file.path).parent)
            {
                continue
            }
            guard let text = machine.asked(of: file) else { continue }
            guard !Write(file, old: "", new: value, why: "").matches(text, value) else { continue }
            let held = file.form.value(in: text)
            found.append(Drift(path: machine.path(of: file), wrote: value, holds: held))
        }
        for (path, contents) in applied.units {
            let file = KernelFile(.units, path)
            let text = try? machine.text(of: file)
            if text != contents {
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
