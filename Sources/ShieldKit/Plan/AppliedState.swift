// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

/// What rtshield itself did to a machine so far, read from the inverses in its journal.
package struct AppliedState: Hashable, Sendable {
    /// The value that rtshield wrote last to each file.
    package var values: [ControlFile: ControlValue] = [:]
    /// What each file held before rtshield wrote to it.
    package var originals: [ControlFile: ControlValue] = [:]
    /// What the kernel did not take, the last time that it was tried.
    package var refused: [ControlFile: RefusedWrite] = [:]
    /// The CPUs that irqbalance was told to leave alone, and those before.
    package var banned: CPUSet?
    package var originallyBanned: CPUSet?
    /// What the kernel took last in each file before the value that rtshield wrote last.
    private var previous: [ControlFile: ControlValue] = [:]
    /// The groups that it made.
    package var groups: Set<CgroupPath> = []
    /// The unit files that it installed, with their contents.
    package var units: [String: UnitContent] = [:]

    package init() {}

    package init(_ entries: some Sequence<Journal.Entry>) {
        for entry in entries { note(entry) }
    }

    /// Takes in a line of the journal.
    mutating func note(_ entry: Journal.Entry) {
        if let step = entry.undo { note(step) }
        for write in entry.refused ?? [] { refused[write.file] = write }
    }

    /// Takes in an inverse: what it finds is what rtshield wrote, and what it writes is what was there before.
    private mutating func note(_ step: Step) {
        switch step {
        case .write(let write): note(write)
        case .tune(let tuning): for write in tuning.writes { note(write) }
        case .removeGroup(let spec): groups.insert(spec.path)
        case .units(let change): for file in change.files { units[file.path] = file.old }
        case .ban(let ban):
            banned = ban.old
            originallyBanned = originallyBanned ?? ban.new
        case .makeGroup, .rememberAffinities, .restoreAffinities, .sweep, .cycleCPUs, .restoreCPU: break
        }
    }

    private mutating func note(_ write: Write) {
        // What was refused the file never held.
        if refused[write.file] == nil { previous[write.file] = values[write.file] }
        values[write.file] = write.old
        originals[write.file] = originals[write.file] ?? write.new
        refused[write.file] = nil
    }

    /// The write as the journal is to know it: what rtshield wrote last comes before it, whatever somebody else made of that.
    ///
    /// - Returns: nil when the journal holds this very value already, so that repairing it, or trying it, again and again adds
    ///   nothing.
    func chained(_ write: Write) -> Write? {
        values[write.file] == write.new ? nil : Write(write.file, old: held(write), new: write.new, why: write.why)
    }

    /// The inverse of a write that was refused before and is taken now, by which the journal learns of that; nil for any other.
    func retried(_ write: Write) -> Write? {
        guard refused[write.file] != nil else { return nil }
        return Write(write.file, old: held(write), new: write.new, why: write.why).inverse
    }

    /// What rtshield left in the file, as far as the kernel took it.
    private func held(_ write: Write) -> ControlValue {
        let taken = refused[write.file] == nil ? values[write.file] : previous[write.file] ?? originals[write.file]
        return taken ?? write.old
    }

    /// Whether a knob holds what rtshield wrote to it.
    func owns(_ knob: Knob) -> Bool {
        values[knob.file] == knob.asked
    }

    /// Whether a group's CPUs are what rtshield wrote, and nobody changed since.
    package func own(_ group: Cgroup) -> Bool {
        group.cpus.map { values[.cpus(of: group.path)] == .cpus($0) } ?? false
    }
}
