// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

/// Whether anything stands in the way of a pool.
package enum PoolCapacity {
    /// Refuses when a group outside the pool asked for shielded CPUs by number: it would silently run elsewhere.
    ///
    /// A group that merely spans every CPU asked for nothing and is narrowed.
    package static func check(_ outside: [Cgroup], in draft: PlanDraft) throws(PlanError) {
        let wide = WideCgroups(in: draft)
        var blockers: [CgroupPath: CPUSet] = [:]
        for group in outside where !wide.askedForNothing(group) {
            let wanted = (group.cpus ?? []).intersection(draft.shield.cpus)
            if !wanted.isEmpty { blockers[group.path] = wanted }
        }
        guard blockers.isEmpty else { throw .inTheWay(blockers) }
    }

    /// Refuses a partition on CPUs of `isolcpus=` where the kernel would.
    ///
    /// From 6.7 to 6.19 it takes none of either kind, since 7.0 only an isolated one (`prstate_housekeeping_conflict` in
    /// kernel/cgroup/cpuset.c).
    package static func checkBootIsolation(in draft: PlanDraft) throws(PlanError) {
        let isolated = draft.shield.cpus.intersection(draft.host.boot.isolatedCPUs)
        let isTaken = draft.shield.placement == .pool(balanced: false) && draft.host.kernel >= KernelVersion(7, 0)
        if !isolated.isEmpty, !isTaken, draft.host.kernel >= KernelVersion(6, 7) { throw .bootIsolated(isolated) }
    }
}

extension PlanDraft {
    /// Makes a group a cgroup v2 partition root.
    ///
    /// An invalid partition is made again through `member`: before 7.0 the kernel revalidates some only that way.
    package mutating func makePartition(_ path: CgroupPath, _ kind: PartitionState.Kind) {
        let file = ControlFile.partition(of: path)
        let state = host.groups[path]?.partition ?? PartitionState(.member)
        let why = "the kernel guards the pool: its CPUs leave every group outside"
        guard state != PartitionState(kind) else { return }
        if state.kind != .member {
            append(.write(Write(file, old: .word(state.kind.rawValue), new: "member", why: "make the partition again")))
        }
        append(.write(Write(file, old: "member", new: .word(kind.rawValue), why: why)))
    }

    /// Clears CPUs that groups outside the pool still reserve although no partition below uses them, deepest first.
    ///
    /// Such leftovers of a removed partition make every later one invalid, "not exclusive" (6.7 to 6.19).
    package mutating func clearStaleReservations(outside pool: CgroupPath) {
        for group in host.groups.all.reversed() where !group.path.isWithin(pool) && !group.path.isRoot {
            guard !group.reserved.isDisjoint(with: shield.cpus) else { continue }
            let isUsed = host.groups.below(group.path, includingItself: true).contains {
                $0.partition.map { $0.kind != .member && $0.isValid } ?? false
            }
            guard !isUsed else { continue }
            append(
                .write(
                    Write(
                        .reservedCPUs(of: group.path), old: .cpus(group.reserved), new: .cpus([]),
                        why: "a reservation that nothing uses any more")))
        }
    }
}

extension CgroupTree {
    /// The cgroup v2 partition roots that are neither rtshield's nor a container's, invalid ones too.
    package var foreignPartitions: [Cgroup] {
        let ours = [SystemdStrategy.slice, CgroupfsPlacement.pool]
        return all.filter { group in
            guard let state = group.partition, state.kind != .member else { return false }
            return !ours.contains(where: group.path.isWithin)
                && group.path.owner.container == nil
        }
    }

    /// The CPUs that partitions have to themselves, whoever made them.
    package var taken: CPUSet { all.reduce([]) { $0.union($1.taken) } }

    /// The CPUs that partitions of others have to themselves.
    package var takenByOthers: CPUSet { foreignPartitions.reduce([]) { $0.union($1.taken) } }
}
