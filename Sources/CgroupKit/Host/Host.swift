// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What the kernel says now: everything that decisions rest on, read once.
package struct Host: Sendable {
    package var release: String
    package var kernel: KernelVersion
    package var isRealtime: Bool
    /// Differs from boot to boot (`/proc/sys/kernel/random/boot_id`): nothing recorded before a boot is true after it.
    package var bootID: String
    package var boot: BootOptions
    package var topology: Topology
    package var layout: CgroupLayout
    package var groups: CgroupTree
    /// Whether kubelet gives out exclusive CPUs itself (`cpu_manager_state` with the static policy).
    package var kubeletOwnsPods: Bool

    /// CPUs that may be shielded, or be housekeeping CPUs.
    package var online: CPUSet { topology.online }
}

/// Why a machine cannot be observed.
package enum HostError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(FileError)
    case noCpuset
    case unknownKernel(String)

    package var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .noCpuset:
            "no mounted cgroup hierarchy has the cpuset controller: mount cgroup2 at /sys/fs/cgroup, "
                + "or boot without cgroup_disable=cpuset"
        case .unknownKernel(let release): "'\(release)' is no kernel release"
        }
    }
}
