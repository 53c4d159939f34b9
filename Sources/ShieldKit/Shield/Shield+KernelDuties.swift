// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import MachineKit

extension Shield {
    /// The wanted attributes that the kernel itself brings about on this host, in the order of their cases.
    ///
    /// It does so for the CPUs of an isolated partition of cgroup v2, and takes it back with the partition: since 7.0 in
    /// `housekeeping_update` (kernel/sched/isolation.c), before in cpuset itself.
    package func leftToKernel(on host: Host) -> [NoiseSource] {
        attributes.filter { isLeftToKernel($0, on: host) }
    }

    /// Whether the kernel itself brings an attribute about, so that writing too would only get in its way.
    func isLeftToKernel(_ attribute: NoiseSource, on host: Host) -> Bool {
        guard placement == .pool(balanced: false), host.layout.version == .v2 else { return false }
        return attribute.kernelsOwnSince.map { host.kernel >= $0 } ?? false
    }
}

extension NoiseSource {
    /// The first kernel that keeps this off isolated partitions by itself; nil where none does.
    fileprivate var kernelsOwnSince: KernelVersion? {
        switch self {
        // The mask of unbound work is what was asked for without isolated CPUs (`workqueue_unbound_exclude_cpumask`).
        case .workqueues: KernelVersion(6, 8)
        // Isolated CPUs are not asked for statistics (`cpu_is_isolated` in mm/vmstat.c). What they began by themselves ends with
        // the first interval in which nothing changed, so that a longer one only keeps it up.
        case .vmstat: KernelVersion(6, 8)
        // Isolated CPUs run no timers of others (`tmigr_isolated_exclude_cpumask`). With timer_migration 0 they would keep
        // those that their own system calls arm, which others run for them when they have no tick.
        case .timerMigration: KernelVersion(6, 19)
        // Threads that may run anywhere follow the mask of housekeeping, new ones too (`kthreads_update_housekeeping`). A sweep
        // still takes off what bound itself elsewhere, and finds nothing as a rule.
        case .kernelThreads: KernelVersion(7, 2)
        default: nil
        }
    }
}
