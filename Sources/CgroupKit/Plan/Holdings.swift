// SPDX-License-Identifier: Apache-2.0

/// What rtshield itself did to a machine so far, read from the inverses in its journal.
package struct Holdings: Hashable, Sendable {
    /// The value that rtshield wrote last to each file.
    package var values: [KernelFile: String] = [:]
    /// The groups that it made.
    package var groups: Set<GroupPath> = []
    /// The unit files that it installed, with their contents.
    package var units: [String: String] = [:]

    package init() {}

    package init(undo steps: some Sequence<Step>) {
        for step in steps {
            switch step {
            case .write(let write): values[write.file] = write.old
            case .removeGroup(let seat): groups.insert(seat.path)
            case .units(let change): for file in change.files { units[file.path] = file.old }
            case .makeGroup, .rememberAffinities, .restoreAffinities, .sweep: break
            }
        }
    }

    /// Whether a group's CPUs are what rtshield wrote, and nobody changed since.
    package func own(_ group: Group, layout: CgroupLayout) -> Bool {
        guard let cpus = group.cpus, let value = values[group.path.file(layout.name("cpus"))] else { return false }
        return CPUSet(kernelList: value) == cpus
    }
}
