// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

/// A plan in the making: holds what is wanted against what the host has, and keeps only the differences.
package struct PlanDraft {
    package let host: Host
    package let shield: Shield
    package let noise: Noise
    package let applied: AppliedState
    /// The release of the systemd that runs; nil when it is not known.
    package let systemd: Int?
    package private(set) var steps: [Step] = []
    /// Values that files will have after the steps so far.
    private var pending: [ControlFile: ControlValue] = [:]

    package init(host: Host, shield: Shield, noise: Noise = Noise(), applied: AppliedState, systemd: Int? = nil) {
        self.systemd = systemd
        self.host = host
        self.shield = shield
        self.noise = noise
        self.applied = applied
    }

    package mutating func append(_ step: Step) { steps.append(step) }

    /// Puts a step before all others.
    package mutating func prepend(_ step: Step) { steps.insert(step, at: 0) }

    /// Puts steps before the sweep, which looks at what they did.
    package mutating func appendBeforeSweep(_ fresh: [Step]) {
        let place = steps.firstIndex { if case .sweep = $0 { true } else { false } }
        steps.insert(contentsOf: fresh, at: place ?? steps.endIndex)
    }

    /// Makes a group that is rtshield's own.
    ///
    /// - Throws: ``PlanError/taken(_:isExclusive:)`` when somebody else made it, unless engines may share it.
    package mutating func makeGroup(_ spec: CgroupSpec) throws(PlanError) {
        if let group = host.groups[spec.path] {
            guard applied.groups.contains(spec.path) || spec.isAdoptable else {
                throw .taken(spec.path, isExclusive: group.isExclusive)
            }
        } else {
            steps.append(.makeGroup(spec))
        }
    }

    /// Sets CPUs and NUMA nodes of a group; memory first, because v1 takes no task without it.
    package mutating func set(_ path: CgroupPath, cpus: CPUSet, mems: MemoryNodes, why: String) {
        let group = host.groups[path]
        // On v2 an empty value inherits; only a choice that differs from all nodes is written.
        if host.layout.version == .v1 || mems != host.topology.allNodes || group?.mems?.isEmpty == false {
            set(.mems(of: path), from: .cpus(group?.mems ?? []), to: .cpus(mems), why: why)
        }
        set(.cpus(of: path), from: .cpus(group?.cpus ?? []), to: .cpus(cpus), why: why)
    }

    /// Sets a value in a file that holds `old` now.
    package mutating func set(_ file: ControlFile, from old: ControlValue, to new: ControlValue, why: String) {
        let current = pending[file] ?? old
        guard current != new else { return }
        pending[file] = new
        steps.append(.write(Write(file, old: current, new: new, why: why)))
    }

    /// Enables the cpuset controller in the children of a v2 group.
    package mutating func enableController(in path: CgroupPath, why: String) {
        guard host.groups[path]?.subtreeControl.contains("cpuset") != true else { return }
        set(.subtreeControl(of: path), from: .controller(false), to: .controller(true), why: why)
    }

    /// Whether a group has cpuset files once the steps so far are done.
    package func willHaveCpuset(_ path: CgroupPath) -> Bool {
        host.groups[path]?.cpus != nil || pending[.subtreeControl(of: path.parent)] == .controller(true)
    }

    /// Sets new CPUs of a group and those below it without a moment in which a child exceeds its parent.
    package mutating func setNested(
        _ path: CgroupPath, cpus: CPUSet, mems: MemoryNodes, why: String,
        children: [(path: CgroupPath, cpus: CPUSet, mems: MemoryNodes, why: String)]
    ) {
        let current = host.groups[path]
        set(
            path, cpus: cpus.union(current?.cpus ?? []), mems: mems.union(current?.mems ?? []), why: why)
        for child in children { set(child.path, cpus: child.cpus, mems: child.mems, why: child.why) }
        for (file, held, value) in [
            (ControlFile.mems(of: path), current?.mems, mems), (.cpus(of: path), current?.cpus, cpus),
        ] {
            // The union was wider than wanted, or the group had more than it keeps.
            guard let now = pending[file] ?? held.map({ .cpus($0) }), now != .cpus([]) else { continue }
            set(file, from: now, to: .cpus(value), why: why)
        }
    }
}
