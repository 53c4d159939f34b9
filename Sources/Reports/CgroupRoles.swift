// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit
package import ShieldKit

/// What the groups of a shielded host are to the shield.
package struct CgroupRoles {
    package enum Role: Hashable, Sendable {
        /// It is the partition of that name, or inside it.
        case partition(String)
        /// kubelet gives out its CPUs itself.
        case kubelet
        /// Somebody gave this group shielded CPUs by number.
        case asked(CgroupPath)
        /// Nobody asked for CPUs for it; it is what a sweep narrows.
        case unasked
    }

    private let host: Host
    private let shield: Shield
    private let wide: WideCgroups
    private let homes: [(name: String, home: CgroupPath)]
    private var known: [CgroupPath: Role] = [:]

    package init(_ shield: Shield, on host: Host, holding applied: AppliedState) {
        self.host = host
        self.shield = shield
        wide = WideCgroups(in: PlanDraft(host: host, shield: shield, applied: applied))
        homes = shield.partitions.map { ($0.name, Self.home(of: $0.name, shield.placement, host.layout)) }
    }

    /// The group of a partition: what is in it or below is inside the partition.
    package static func home(of partition: String, _ placement: Placement, _ layout: CgroupLayout) -> CgroupPath {
        switch (layout.version, layout.owner, placement) {
        case (.v2, .systemd, _): SystemdUnits.group(of: SystemdUnits.slice(of: partition))
        case (_, _, .pool): CgroupfsPlacement.pool.child(partition)
        case (let version, _, .open): CgroupfsPlacement(version: version, placement: placement).cgroup(of: partition)
        }
    }

    package mutating func role(of path: CgroupPath) -> Role {
        if let role = known[path] { return role }
        let role = decide(path)
        known[path] = role
        return role
    }

    /// The container that a group belongs to; the group where `rtshield run` starts programs is none.
    package func container(of path: CgroupPath) -> CgroupPath? {
        path.owner.container
    }

    private func decide(_ path: CgroupPath) -> Role {
        if let home = homes.first(where: { path.isWithin($0.home) }) { return .partition(home.name) }
        if host.kubeletOwnsPods, path.owner.isKubelets { return .kubelet }
        // The nearest group with CPUs of its own decides; what is above it can only be wider.
        let deciding = path.ancestry.dropFirst().reversed().lazy.compactMap { host.groups[$0] }
            .first { $0.cpus?.isEmpty == false }
        guard let deciding, let cpus = deciding.cpus, !wide.askedForNothing(deciding),
            !cpus.isDisjoint(with: shield.cpus)
        else { return .unasked }
        return .asked(container(of: deciding.path) ?? deciding.path)
    }
}
