// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import MachineKit

/// cpuset on cgroup v1, with systemd or without: `system`, `user` and `docker` groups, none of them exclusive.
///
/// PID 1 stays in the root group and is narrowed by affinity, because runc's systemd manager builds v1 paths below the group of
/// PID 1. Nothing is `cpu_exclusive`: it isolates nothing, and runc fills empty ancestors with all CPUs, which an exclusive
/// sibling makes EINVAL.
package struct CpusetV1Strategy: Strategy {
    package static let name = "v1"

    /// The roots that engines fill when they are empty; in a pool they must be narrow before an engine asks.
    private static let engineRoots = [
        "docker", "kubepods", "kubepods.slice", "libpod_parent", "machine.slice", "system.slice",
    ]

    package func draft(_ draft: inout PlanDraft) throws(PlanError) {
        try wantSystem(in: &draft)
        switch draft.shield.placement {
        case .open: try wantOpen(in: &draft)
        case .pool(let balanced): try wantPool(balanced: balanced, in: &draft)
        }
        draft.append(.sweep(draft.sweep(to: CgroupfsPlacement.system)))
        draft.protectAffinities()
    }

    package func cgroup(of partition: String, placement: Placement) -> CgroupPath? {
        CgroupfsPlacement(version: .v1, placement: placement).cgroup(of: partition)
    }

    package func engineParent(of partition: String) -> String { CgroupfsPlacement.pool.child(partition).description }

    private func wantSystem(in draft: inout PlanDraft) throws(PlanError) {
        let why = "housekeeping: everything that is not on the shield"
        try draft.want(CgroupSpec(CgroupfsPlacement.system, why: why))
        draft.want(
            CgroupfsPlacement.system, cpus: draft.shield.housekeeping, mems: draft.shield.housekeepingMems, why: why)
    }

    private func wantOpen(in draft: inout PlanDraft) throws(PlanError) {
        try CgroupfsPlacement(version: .v1, placement: .open).wantOpen(in: &draft)
        draft.narrowWideGroups(skipping: CgroupfsPlacement.isOurs)
    }

    /// Housekeeping everywhere but in the pool, then balancing off at the root so that the pool becomes a domain of its own.
    private func wantPool(balanced: Bool, in draft: inout PlanDraft) throws(PlanError) {
        try makeRoom(in: &draft)
        try CgroupfsPlacement(version: .v1, placement: draft.shield.placement).wantPool(in: &draft)
        draft.wantUnbalanced(.root, why: "the pool is a scheduling domain of its own")
        guard !balanced else { return }
        for path in [CgroupfsPlacement.pool] + draft.shield.partitions.map({ CgroupfsPlacement.pool.child($0.name) }) {
            draft.wantUnbalanced(path, why: "no load balancing in the pool")
        }
    }

    private func makeRoom(in draft: inout PlanDraft) throws(PlanError) {
        let current = draft
        let outside = current.host.groups.all.filter {
            !$0.path.isRoot && !CgroupfsPlacement.isOurs($0.path, in: current)
        }
        try PoolCapacity.check(outside, in: draft)
        let wide = WideCgroups(in: draft)
        let narrowed = outside.filter { $0.cpus?.isEmpty == false && wide.askedForNothing($0) }
        draft.wantHousekeeping(in: narrowed.sorted { $0.path.depth > $1.path.depth }) { _ in "make room for the pool" }
        let why = "an engine finds its group narrow, so that it cannot reach into the pool"
        for name in Self.engineRoots where draft.host.groups[CgroupPath(name)] == nil {
            try draft.want(CgroupSpec(CgroupPath(name), isAdoptable: true, why: why))
            draft.want(CgroupPath(name), cpus: draft.shield.housekeeping, mems: draft.host.topology.allNodes, why: why)
        }
    }
}

extension PlanDraft {
    /// Wants the v1 flag `sched_load_balance` off, which only matters where no group above balances the same CPUs.
    fileprivate mutating func wantUnbalanced(_ path: CgroupPath, why: String) {
        let isBalanced = host.groups[path]?.isBalanced ?? true
        want(.loadBalancing(of: path), from: isBalanced ? "1" : "0", to: "0", why: why)
    }
}
