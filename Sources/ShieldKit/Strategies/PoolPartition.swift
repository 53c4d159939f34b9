// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import MachineKit

extension PlanDraft {
    /// Wants a group to be a cgroup v2 partition root.
    ///
    /// An invalid partition is made again through `member`: before 7.0 the kernel revalidates some only that way.
    package mutating func wantPartition(_ path: CgroupPath, _ kind: PartitionState.Kind) {
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
