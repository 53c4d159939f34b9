// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

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
