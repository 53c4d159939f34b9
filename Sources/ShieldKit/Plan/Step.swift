// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

/// One change to the machine, in the vocabulary that plans, the journal and undo share.
package enum Step: Hashable, Sendable {
    /// Write a value to a pseudo-file.
    case write(Write)
    /// Make a group.
    case makeGroup(CgroupSpec)
    /// Remove a group; tasks that are still in it go to its fallback.
    case removeGroup(CgroupSpec)
    /// Remember every affinity that is narrower than these CPUs, because a cpuset change before 6.2 wipes it; it is given back,
    /// within what the task may use then, after the last step.
    case rememberAffinities(CPUSet)
    /// Give tasks the affinities they had.
    case restoreAffinities(AffinityRecord)
    /// Take movable tasks off the shield, in passes, until a pass finds none.
    case sweep(Sweep)
    /// Give systemd units other drop-ins, and reload systemd once.
    case units(UnitChange)
    /// Write values of an attribute, each of which may be refused by itself.
    case tune(Tuning)
    /// Have irqbalance leave CPUs alone.
    case ban(IrqbalanceBan)
    /// Take each of these CPUs offline and online again, which chases armed timers away.
    case cycleCPUs(CPUSet)
    /// Bring a CPU back, with what the machine lost when it went.
    case restoreCPU(HotplugLoss)

    /// What undoes this step; nil when what it does is recorded while it runs.
    package var inverse: Step? {
        switch self {
        case .write(let write): .write(write.inverse)
        case .makeGroup(let spec): .removeGroup(spec)
        case .removeGroup(let spec): .makeGroup(spec)
        case .units(let change): .units(change.inverse)
        case .tune(let tuning): .tune(tuning.inverse)
        case .ban(let ban): .ban(ban.inverse)
        case .rememberAffinities, .restoreAffinities, .sweep, .cycleCPUs, .restoreCPU: nil
        }
    }
}

/// A group that rtshield makes.
package struct CgroupSpec: Hashable, Sendable, Codable {
    package var path: CgroupPath
    /// Where tasks go that are still in the group when it is removed.
    package var fallback: CgroupPath
    /// Whether an engine may have moved in by the time of the removal: then the group stays, and nothing is lost.
    package var isAdoptable: Bool
    /// Why the group is made.
    package var why: String

    enum CodingKeys: String, CodingKey { case path, fallback, isAdoptable, why }

    package init(_ path: CgroupPath, fallback: CgroupPath = .root, isAdoptable: Bool = false, why: String) {
        self.path = path
        self.fallback = fallback
        self.isAdoptable = isAdoptable
        self.why = why
    }
}

/// What is to leave the shield, and to where.
package struct Sweep: Hashable, Sendable, Codable {
    /// The group to which user tasks of the root group move; nil where they already sit in groups of their own.
    package var destination: CgroupPath?
    /// The shielded CPUs, which kernel threads and PID 1 lose.
    package var shield: CPUSet
    /// Whether kernel threads leave too.
    package var kernelThreads: Bool

    package init(destination: CgroupPath?, shield: CPUSet, kernelThreads: Bool = true) {
        self.destination = destination
        self.shield = shield
        self.kernelThreads = kernelThreads
    }
}
