// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

/// The groups of the partitions where rtshield makes them itself: v1, and v2 without systemd.
package struct CgroupfsPlacement {
    package static let pool = CgroupPath("/rtshield")
    package static let docker = CgroupPath("/docker")
    package static let system = CgroupPath("/system")

    let version: CgroupLayout.Version
    let placement: Placement

    package init(version: CgroupLayout.Version, placement: Placement) {
        self.version = version
        self.placement = placement
    }

    /// Where `rtshield run` starts programs of a partition.
    ///
    /// The parent of containers stays wide in the open placement, and on v2 it may hold no process; programs then sit below it.
    package func cgroup(of partition: String) -> CgroupPath {
        switch (placement, partition == Partition.containers) {
        case (.open, true): Self.docker.child("rtshield")
        case (.open, false): CgroupPath("/" + partition)
        case (.pool, true) where version == .v2: Self.pool.child(partition).child("rtshield")
        case (.pool, _): Self.pool.child(partition)
        }
    }

    /// Whether a group is rtshield's own, or lies below one that is; the parents that engines fill are not.
    package static func isOurs(_ path: CgroupPath, in draft: PlanDraft) -> Bool {
        path.ancestry.dropFirst().contains { group in
            draft.applied.groups.contains(group) && !group.owner.isEngineParent(on: draft.host.layout)
        }
    }

    // MARK: - Open placement

    package func draftOpen(in draft: inout PlanDraft) throws(PlanError) {
        for partition in draft.shield.partitions {
            let why = "partition \(partition.name)"
            let cgroup = cgroup(of: partition.name)
            if partition.name == Partition.containers { try makeEngineParent(in: &draft) }
            try draft.makeGroup(CgroupSpec(cgroup, why: why))
            draft.set(cgroup, cpus: partition.cpus, mems: partition.mems, why: why)
        }
    }

    /// The parent of Docker's containers spans every CPU, so that a container gets what it asks for.
    private func makeEngineParent(in draft: inout PlanDraft) throws(PlanError) {
        let why = "the parent of containers stays wide, so that they get the CPUs they ask for"
        try draft.makeGroup(CgroupSpec(Self.docker, isAdoptable: true, why: why))
        switch version {
        case .v1:
            let present = draft.host.groups[Self.docker]?.cpus ?? []
            draft.set(
                Self.docker, cpus: present.union(draft.shield.everyCPU), mems: draft.host.topology.allNodes, why: why)
        case .v2:
            // Handing the controller down here also keeps anybody from dropping it at the root (EBUSY).
            draft.enableController(in: Self.docker, why: "the controller is pinned while the shield stands")
        }
    }

    // MARK: - Pool placement

    package func draftPool(in draft: inout PlanDraft) throws(PlanError) {
        let shield = draft.shield
        let why = "the pool: only what is started inside gets its CPUs"
        try draft.makeGroup(CgroupSpec(Self.pool, why: why))
        if version == .v2 {
            draft.enableController(in: Self.pool, why: "the controller is pinned while the shield stands")
        }
        for partition in shield.partitions {
            try draft.makeGroup(CgroupSpec(Self.pool.child(partition.name), why: "partition \(partition.name)"))
        }
        draft.setNested(
            Self.pool, cpus: shield.cpus, mems: shield.mems, why: why,
            children: shield.partitions.map {
                (Self.pool.child($0.name), $0.cpus, $0.mems, "partition \($0.name)")
            })
        let cgroup = cgroup(of: Partition.containers)
        if shield.partition(Partition.containers) != nil, cgroup.depth > 2 {
            // Empty CPUs inherit those of the partition.
            try draft.makeGroup(
                CgroupSpec(cgroup, why: "programs that are started in partition \(Partition.containers)"))
        }
    }
}
