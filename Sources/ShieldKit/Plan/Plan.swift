// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit

/// Ordered steps from a host to a shield.
package struct Plan: Hashable, Sendable {
    package var shield: Shield
    package var strategy: StrategyChoice
    package var steps: [Step]

    package init(shield: Shield, strategy: StrategyChoice, steps: [Step]) {
        self.shield = shield
        self.strategy = strategy
        self.steps = steps
    }

    /// Whether the machine already is as the shield wants it, so that only new tasks may have to be swept.
    package var changesNothing: Bool {
        steps.allSatisfy {
            switch $0 {
            case .sweep, .rememberAffinities: true
            default: false
            }
        }
    }
}

/// Which strategy was chosen for a host, and why.
package struct StrategyChoice: Hashable, Sendable, Codable {
    /// A short name, such as `v2-systemd`.
    package var name: String
    /// The observation that decided, as a sentence fragment.
    package var reason: String

    package init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }
}

/// Why no plan leads from this host to that shield.
package enum PlanError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A group that rtshield needs belongs to somebody else.
    case taken(CgroupPath, isExclusive: Bool)
    /// An exclusive group of somebody else holds CPUs that engines need.
    case exclusiveNeighbour(CgroupPath, CPUSet)
    /// Groups that asked for shielded CPUs stand in the way of a pool.
    case inTheWay([CgroupPath: CPUSet])
    /// The kernel refuses a partition on CPUs that `isolcpus=` holds.
    case bootIsolated(CPUSet)
    /// A shield with another placement is in place.
    case otherPlacement

    package var description: String {
        switch self {
        case .taken(let path, _): "cgroup \(path) exists and was not made by rtshield"
        case .exclusiveNeighbour(let path, let cpus): "cgroup \(path) has CPU \(cpus) exclusively"
        case .inTheWay(let groups):
            "these cgroups request shielded CPUs: "
                + groups.sorted { $0.key < $1.key }.map { "\(EngineCgroups.title(of: $0.key)) (CPU \($0.value))" }
                .joined(separator: ", ")
        case .bootIsolated(let cpus): "CPU \(cpus) is in isolcpus=, and this kernel makes no partition of such CPUs"
        case .otherPlacement: "a shield with another placement exists"
        }
    }

    /// Why the situation is refused.
    package var why: String {
        switch self {
        case .taken(_, isExclusive: true):
            "an exclusive cpuset keeps every engine from starting containers; 'cset shield' makes such cpusets"
        case .taken: "changing a cgroup that another tool made would break that tool"
        case .exclusiveNeighbour: "while it exists, runc and crun cannot fill their own cgroups and no container starts"
        case .inTheWay:
            "a pool takes its CPUs away from everything outside it, and the programs in these cgroups would "
                + "silently run elsewhere"
        case .bootIsolated:
            "the kernel answers 'partition config conflicts with housekeeping setup' (6.7 to 6.19, and from 7.0 on where the "
                + "partition is not isolated)"
        case .otherPlacement: "changing the placement moves every running program"
        }
    }

    /// What a person can do.
    package var advice: String {
        switch self {
        case .taken(let path, isExclusive: true): "run 'cset shield --reset', or remove \(path), and try again"
        case .taken(let path, _): "remove \(path) when nothing needs it, and try again"
        case .exclusiveNeighbour(let path, _):
            "write 0 to its cpu_exclusive file, or run 'cset shield --reset' if cset made \(path)"
        case .inTheWay:
            "stop them or give them other CPUs, or use the open placement (without --exclusive and --isolated)"
        case .bootIsolated:
            "use the open placement: CPUs of isolcpus= are not balanced anyway; from Linux 7.0 on, --isolated works too"
        case .otherPlacement: "run 'rtshield destroy' first"
        }
    }
}
