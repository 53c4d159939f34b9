// SPDX-License-Identifier: Apache-2.0

extension GroupTree {
    /// The cgroup v2 partition roots that are neither rtshield's nor a container's, invalid ones too.
    package var foreignPartitions: [Group] {
        let ours = [SystemdStrategy.slice, DirectSeats.pool]
        return all.filter { group in
            guard let state = group.partition, state.kind != .member else { return false }
            return !ours.contains(where: group.path.isWithin)
                && !group.path.lineage.contains(where: EngineGroups.isContainer)
        }
    }

    /// The CPUs that partitions have to themselves, whoever made them.
    package var taken: CPUSet { all.reduce([]) { $0.union($1.taken) } }

    /// The CPUs that partitions of others have to themselves.
    package var takenByOthers: CPUSet { foreignPartitions.reduce([]) { $0.union($1.taken) } }
}
