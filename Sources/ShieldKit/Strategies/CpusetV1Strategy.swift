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
        try makeSystemGroup(in: &draft)
        switch draft.shield.placement {
        case .open: try draftOpen(in: &draft)
        case .pool(let balanced): try draftPool(balanced: balanced, in: &draft)
        }
        draft.append(.sweep(draft.sweep(to: CgroupfsPlacement.system)))
        draft.protectAffinities()
    }

    package func cgroup(of partition: String, placement: Placement) -> CgroupPath? {
        CgroupfsPlacement(version: .v1, placement: placement).cgroup(of: partition)
    }

    package func engineParent(of partition: String) -> String { CgroupfsPlacement.pool.child(partition).description }

    private func makeSystemGroup(in draft: inout PlanDraft) throws(PlanError) {
        let why = "housekeeping: everything that is not on the shield"
        try draft.makeGroup(CgroupSpec(CgroupfsPlacement.system, why: why))
        draft.set(
            CgroupfsPlacement.system, cpus: draft.shield.housekeeping, mems: draft.shield.housekeepingMems, why: why)
    }

    private func draftOpen(in draft: inout PlanDraft) throws(PlanError) {
        try CgroupfsPlacement(version: .v1, placement: .open).draftOpen(in: &draft)
        draft.narrowWideGroups(skipping: CgroupfsPlacement.isOurs)
    }

    /// Housekeeping everywhere but in the pool, then balancing off at the root so that the pool becomes a domain of its own.
    private func draftPool(balanced: Bool, in draft: inout PlanDraft) throws(PlanError) {
        try makeRoom(in: &draft)
        try CgroupfsPlacement(version: .v1, placement: draft.shield.placement).draftPool(in: &draft)
        draft.stopBalancing(.root, why: "the pool is a scheduling domain of its own")
        guard !balanced else { return }
        for path in [CgroupfsPlacement.pool] + draft.shield.partitions.map({ CgroupfsPlacement.pool.child($0.name) }) {
            draft.stopBalancing(path, why: "no load balancing in the pool")
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
        draft.setHousekeeping(in: narrowed.sorted { $0.path.depth > $1.path.depth }) { _ in "make room for the pool" }
        let why = "an engine finds its group narrow, so that it cannot reach into the pool"
        for name in Self.engineRoots where draft.host.groups[CgroupPath(name)] == nil {
            try draft.makeGroup(CgroupSpec(CgroupPath(name), isAdoptable: true, why: why))
            draft.set(CgroupPath(name), cpus: draft.shield.housekeeping, mems: draft.host.topology.allNodes, why: why)
        }
    }
}

extension PlanDraft {
    /// Sets the v1 flag `sched_load_balance` to 0, which only matters where no group above balances the same CPUs.
    fileprivate mutating func stopBalancing(_ path: CgroupPath, why: String) {
        let isBalanced = host.groups[path]?.isBalanced ?? true
        set(.loadBalancing(of: path), from: isBalanced ? "1" : "0", to: "0", why: why)
    }
}
