// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import MachineKit

/// cgroup v2 under systemd: units are narrowed through systemd, so that reloads, restarts and new services keep to it.
///
/// One type-level drop-in narrows every service, running and to come; `system.slice` itself stays wide, because Docker's scopes
/// live in it. Prefix drop-ins for the scopes of containers are no way: at the next reload systemd merges their list with what
/// the container asked for.
package struct SystemdStrategy: Strategy {
    package static let name = "v2-systemd"

    /// The slice that is the pool, and above the slices of the partitions.
    package static let slice = CgroupPath("/rtshield.slice")

    package func draft(_ draft: inout PlanDraft) throws(PlanError) {
        switch draft.shield.placement {
        case .open:
            draft.setUnits(SystemdUnits(in: draft).open())
            draft.narrowWideGroups(skipping: Self.isUnit)
        case .pool(let balanced):
            let outside = draft.host.groups.all.filter {
                !$0.path.isRoot && !$0.path.isWithin(Self.slice) && $0.path != SystemdUnits.initScope
            }
            try PoolCapacity.check(outside, in: draft)
            try PoolCapacity.checkBootIsolation(in: draft)
            draft.narrowExplicitSiblings(of: Self.slice)
            draft.clearStaleReservations(outside: Self.slice)
            draft.setPoolUnits(balanced ? .root : .isolated)
            draft.widenNarrowedSiblings(of: Self.slice)
        }
        draft.append(.sweep(draft.sweep(to: nil)))
        draft.protectAffinities()
    }

    package func cgroup(of partition: String, placement: Placement) -> CgroupPath? { nil }

    package func engineParent(of partition: String) -> String { SystemdUnits.slice(of: partition) }

    /// Whether systemd narrows the group by a drop-in, or it lies in a slice of rtshield.
    private static func isUnit(_ path: CgroupPath, in draft: PlanDraft) -> Bool {
        path.isWithin(slice) || SystemdUnits.isNarrowed(path)
    }
}

extension PlanDraft {
    /// Has the slice of the pool, and has systemd make a partition of it where it can.
    ///
    /// An older one is made behind its back, and so is one that turned invalid: systemd has no reason to write again.
    fileprivate mutating func setPoolUnits(_ kind: PartitionState.Kind) {
        let file = SystemdStrategy.slice.name
        let held = applied.units[file]
        let isMadeBySystemd =
            systemd.map { $0 >= SystemdVersion.partitions } ?? (held?.settings?.partition != nil)
        let files = SystemdUnits(in: self).pool(isMadeBySystemd ? kind : nil)
        setUnits(files)
        let isThere = held == files[file] && host.groups[SystemdStrategy.slice] != nil
        if !isMadeBySystemd || isThere { makePartition(SystemdStrategy.slice, kind) }
    }
}
