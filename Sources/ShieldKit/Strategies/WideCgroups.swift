// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import MachineKit

/// Groups that sit on all CPUs because nobody asked for any: those of running containers without a cpuset, above all.
///
/// Each is narrowed where it is; no task is moved out of its group, because its engine would lose it.
package struct WideCgroups {
    private let draft: PlanDraft
    private var host: Host { draft.host }

    package init(in draft: PlanDraft) { self.draft = draft }

    /// The groups to narrow, deepest first: a v1 parent cannot be narrower than its children.
    package func found(skipping isOurs: (CgroupPath, PlanDraft) -> Bool) -> [Cgroup] {
        var found: Set<CgroupPath> = []
        var verdicts: [CgroupPath: Bool] = [:]
        for group in host.groups.all where group.hasTasks && !group.path.isRoot && !isOurs(group.path, draft) {
            guard !isLeftToKubelet(group.path), let target = narrowable(group, &verdicts) else { continue }
            if !isOurs(target.path, draft) { found.insert(target.path) }
        }
        return found.compactMap { host.groups[$0] }.sorted {
            ($1.path.depth, $0.path) < ($0.path.depth, $1.path)
        }
    }

    /// Whether nobody asked for CPUs for this group.
    package func askedForNothing(_ group: Cgroup) -> Bool {
        if draft.applied.own(group) { return true }
        guard let cpus = group.cpus else { return true }
        // v1 has no empty value for a group with tasks: engines copy the parent's, which is every CPU.
        return cpus.isEmpty || cpus.isSuperset(of: host.online)
    }

    /// The group itself, or the nearest one above that has cpuset files; nil when somebody in it asked for CPUs.
    ///
    /// Many groups may share one above them, so `verdicts` keeps what was found out of groups before.
    private func narrowable(_ group: Cgroup, _ verdicts: inout [CgroupPath: Bool]) -> Cgroup? {
        var path = group.path
        while !path.isRoot, !path.owner.isEngineParent(on: host.layout) {
            if let candidate = host.groups[path], draft.willHaveCpuset(path) {
                let isWide =
                    verdicts[path] ?? host.groups.below(path, includingItself: true).allSatisfy(askedForNothing)
                verdicts[path] = isWide
                return isWide ? candidate : nil
            }
            path = path.parent
        }
        return nil
    }

    private func isLeftToKubelet(_ path: CgroupPath) -> Bool {
        host.kubeletOwnsPods && path.owner.isKubelets
    }
}

extension PlanDraft {
    /// Narrows every wide group to housekeeping.
    package mutating func narrowWideGroups(skipping isOurs: (CgroupPath, PlanDraft) -> Bool) {
        setHousekeeping(in: WideCgroups(in: self).found(skipping: isOurs)) {
            "\($0.path.title) asked for no CPUs, so it stays off the shield"
        }
    }

    /// Sets the housekeeping CPUs of groups, given deepest first, without a moment in which a v1 group exceeds the one above.
    mutating func setHousekeeping(in groups: [Cgroup], why: (Cgroup) -> String) {
        for group in groups.reversed() where host.layout.version == .v1 && !host.groups.children(of: group.path).isEmpty
        {
            // After a change of the shield the old CPUs may lack some of the new ones.
            let cpus = group.cpus ?? []
            set(
                .cpus(of: group.path), from: .cpus(cpus), to: .cpus(cpus.union(shield.housekeeping)), why: why(group))
        }
        for group in groups {
            set(
                .cpus(of: group.path), from: .cpus(group.cpus ?? []), to: .cpus(shield.housekeeping), why: why(group))
        }
    }

    /// Keeps the affinities that the steps so far would wipe: any before 6.2, and those of kernel threads when a partition is made
    /// (6.12 widens `irq/9-acpi` from one CPU to all).
    package mutating func protectAffinities() {
        let wipes = steps.contains { if case .sweep = $0 { host.layout.version == .v1 } else { true } }
        let makesPartition = host.layout.version == .v2 && shield.placement.isPool
        guard wipes, host.kernel < KernelVersion(6, 2) || makesPartition else { return }
        prepend(.rememberAffinities(host.online))
    }
}
