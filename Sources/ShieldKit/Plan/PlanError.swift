// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit
package import Text

/// Why no plan leads from this host to that shield.
package enum PlanError: Error, Hashable, Sendable {
    /// A cgroup that rtshield needs belongs to somebody else.
    case taken(CgroupPath, isExclusive: Bool)
    /// An exclusive cgroup of somebody else holds CPUs that engines need.
    case exclusiveNeighbour(CgroupPath, CPUSet)
    /// Cgroups that request shielded CPUs stand in the way of a pool.
    case inTheWay([CgroupPath: CPUSet])
    /// The kernel refuses a partition on CPUs that `isolcpus=` holds.
    case bootIsolated(CPUSet)
    /// A shield with another placement exists.
    case otherPlacement
}

extension PlanError: CustomStringConvertible {
    /// What is wrong and why, and what to do where no front end has a word of its own for it.
    package var problem: Problem {
        switch self {
        case .taken(let path, isExclusive: true):
            Problem(
                "cgroup \(path) exists and was not made by rtshield",
                why:
                    "an exclusive cpuset keeps every engine from starting containers; 'cset shield' makes such cpusets",
                fix: "run 'cset shield --reset', or remove \(path), and try again")
        case .taken(let path, _):
            Problem(
                "cgroup \(path) exists and was not made by rtshield",
                why: "changing a cgroup that another tool made would break that tool",
                fix: "remove \(path) when nothing needs it, and try again")
        case .exclusiveNeighbour(let path, let cpus):
            Problem(
                "cgroup \(path) has CPU \(cpus) exclusively",
                why: "while it exists, runc and crun cannot fill their own cgroups and no container starts",
                fix: "write 0 to its cpu_exclusive file, or run 'cset shield --reset' if cset made \(path)")
        case .inTheWay(let groups):
            Problem(
                "these cgroups request shielded CPUs: "
                    + groups.sorted { $0.key < $1.key }.map { "\($0.key.title) (CPU \($0.value))" }
                    .joined(separator: ", "),
                why: "a pool takes its CPUs away from everything outside it, and the programs in these cgroups would "
                    + "silently run elsewhere")
        case .bootIsolated(let cpus):
            Problem(
                "CPU \(cpus) is in isolcpus=, and this kernel makes no partition of such CPUs",
                why:
                    "the kernel answers 'partition config conflicts with housekeeping setup' (6.7 to 6.19, and from 7.0 "
                    + "on where the partition is not isolated)")
        case .otherPlacement:
            Problem("a shield with another placement exists", why: "changing the placement moves every running program")
        }
    }

    package var description: String { problem.line }
}
