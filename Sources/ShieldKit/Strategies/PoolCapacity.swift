// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import MachineKit

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
