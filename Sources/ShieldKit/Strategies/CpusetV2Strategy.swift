// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import MachineKit

/// cpuset on cgroup v2 where systemd does not manage it: no systemd at all, or a hybrid host.
package struct CpusetV2Strategy: Strategy {
    package static let name = "v2"

    package func draft(_ draft: inout PlanDraft) throws(PlanError) {
        draft.enableController(in: .root, why: "cpusets need the controller below the root")
        switch draft.shield.placement {
        case .open: try draftOpen(in: &draft)
        case .pool(let balanced): try draftPool(balanced: balanced, in: &draft)
        }
        draft.protectAffinities()
    }

    package func cgroup(of partition: String, placement: Placement) -> CgroupPath? {
        CgroupfsPlacement(version: .v2, placement: placement).cgroup(of: partition)
    }

    package func engineParent(of partition: String) -> String { CgroupfsPlacement.pool.child(partition).description }

    private func draftOpen(in draft: inout PlanDraft) throws(PlanError) {
        var destination: CgroupPath?
        if !draft.host.layout.hasSystemd {
            let why = "housekeeping: everything that is not on the shield"
            try draft.makeGroup(CgroupSpec(CgroupfsPlacement.system, why: why))
            draft.set(
                CgroupfsPlacement.system, cpus: draft.shield.housekeeping, mems: draft.shield.housekeepingMems, why: why
            )
            destination = CgroupfsPlacement.system
        }
        try CgroupfsPlacement(version: .v2, placement: .open).draftOpen(in: &draft)
        draft.narrowWideGroups(skipping: CgroupfsPlacement.isOurs)
        draft.append(.sweep(draft.sweep(to: destination)))
    }

    private func draftPool(balanced: Bool, in draft: inout PlanDraft) throws(PlanError) {
        let outside = draft.host.groups.all.filter { !$0.path.isRoot && !$0.path.isWithin(CgroupfsPlacement.pool) }
        try PoolCapacity.check(outside, in: draft)
        try PoolCapacity.checkBootIsolation(in: draft)
        draft.narrowExplicitSiblings(of: CgroupfsPlacement.pool)
        draft.clearStaleReservations(outside: CgroupfsPlacement.pool)
        try CgroupfsPlacement(version: .v2, placement: draft.shield.placement).draftPool(in: &draft)
        draft.makePartition(CgroupfsPlacement.pool, balanced ? .root : .isolated)
        draft.widenNarrowedSiblings(of: CgroupfsPlacement.pool)
        draft.append(.sweep(draft.sweep(to: nil)))
    }
}

extension PlanDraft {
    /// Narrows siblings of the pool that list every CPU: before 7.0 one that overlaps turns the partition invalid.
    package mutating func narrowExplicitSiblings(of pool: CgroupPath) {
        for group in host.groups.children(of: pool.parent) where group.path != pool {
            guard let cpus = group.cpus, !cpus.isDisjoint(with: shield.cpus) else { continue }
            set(
                .cpus(of: group.path), from: .cpus(cpus), to: .cpus(cpus.subtracting(shield.cpus)),
                why: "make room for the pool")
        }
    }

    /// Gives siblings that rtshield narrowed the CPUs that the pool left, once it left them.
    package mutating func widenNarrowedSiblings(of pool: CgroupPath) {
        for group in host.groups.children(of: pool.parent)
        where group.path != pool && !applied.groups.contains(group.path) && applied.own(group) {
            set(
                .cpus(of: group.path), from: .cpus(group.cpus ?? []), to: .cpus(shield.housekeeping),
                why: "the pool left these CPUs")
        }
    }
}
