// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

/// Which groups with tasks are containers, guests of the shield, or kubelet's.
struct CgroupSummary {
    /// How many containers there are, by what their groups are to the shield.
    private(set) var containers: [CgroupRoles.Role: Int] = [:]
    /// Groups that were given shielded CPUs by number, in the order of their paths.
    private(set) var guests: [CgroupPath] = []
    /// How many groups with tasks are left to kubelet, and may use shielded CPUs.
    private(set) var leftToKubelet = 0

    init(of host: Host, _ roles: inout CgroupRoles) {
        var known: Set<CgroupPath> = []
        var counted: Set<CgroupPath> = []
        for group in host.groups.all where group.hasTasks && !group.path.isRoot {
            let role = roles.role(of: group.path)
            if case .asked(let path) = role, known.insert(path).inserted { guests.append(path) }
            if role == .kubelet { leftToKubelet += 1 }
            guard let container = roles.container(of: group.path), counted.insert(container).inserted else { continue }
            containers[Self.merged(role), default: 0] += 1
        }
    }

    /// A container with CPUs of its own counts among those of the partition of containers.
    private static func merged(_ role: CgroupRoles.Role) -> CgroupRoles.Role {
        if case .asked = role { .partition(Partition.containers) } else { role }
    }
}
