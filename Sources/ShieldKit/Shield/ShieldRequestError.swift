// SPDX-License-Identifier: Apache-2.0

package import MachineKit
package import Text

/// Why a request does not fit a machine; each is a mistake in the request, found before anything is written.
package enum ShieldRequestError: Error, Hashable, Sendable {
    case nothingAsked
    case cpusAndCores(CPUSet, cores: Int)
    case cores(CoreChoiceError)
    case absent(CPUSet, present: CPUSet)
    case offline(CPUSet)
    /// A partition of somebody else has these CPUs to itself.
    case inPartition(CPUSet)
    case housekeepingEmpty(online: CPUSet)
    case onlyBootIsolatedLeft(left: CPUSet, isolated: CPUSet)
    case outside(partition: String, CPUSet, shield: CPUSet)
    case badName(String)
    case takenName(String)
    case absentNodes(MemoryNodes, present: MemoryNodes)
    case irqElsewhere(IRQRule, online: CPUSet)
}

extension ShieldRequestError: CustomStringConvertible {
    /// What is wrong and why, and what to do where no front end has a word of its own for it.
    package var problem: Problem {
        switch self {
        case .nothingAsked: Problem("no CPUs to shield")
        case .cpusAndCores(let cpus, let cores):
            Problem("CPUs \(cpus) and \(cores) cores contradict each other", fix: "give the CPUs, or how many cores")
        case .cores(let error): error.problem
        case .absent(let cpus, let present):
            Problem("CPU \(cpus) does not exist here", why: "this machine has CPUs \(present)")
        case .offline(let cpus):
            Problem(
                "CPU \(cpus) is offline",
                fix: "bring it online first with 'echo 1 > /sys/devices/system/cpu/cpu\(cpus.first ?? 0)/online'")
        case .inPartition(let cpus):
            Problem(
                "CPU \(cpus) belongs to a cgroup v2 partition that rtshield did not make",
                fix: "shield other CPUs, or make the partition a member")
        case .housekeepingEmpty(let online):
            Problem("only CPUs \(online) are online", fix: "leave at least one for the system partition")
        case .onlyBootIsolatedLeft(let left, let isolated):
            Problem(
                "only CPUs \(left) would be left for the system, and isolcpus=\(isolated) keeps them out of scheduling",
                why: "the kernel crashes if no other CPU is left (seen on 6.1, 6.12 and 7.2)",
                fix: "leave one more CPU unshielded")
        case .outside(let partition, let cpus, let shield):
            Problem("partition '\(partition)' requests CPU \(cpus), which is not in the shield \(shield)")
        case .badName(let name):
            Problem(
                "'\(name)' cannot name a partition", fix: "use lower-case letters, digits and '_', a letter first")
        case .takenName(let name): Problem("partition '\(name)' is given twice or is one of system, user and docker")
        case .absentNodes(let nodes, let present):
            Problem("NUMA node \(nodes) does not exist here", why: "this machine has memory on NUMA nodes \(present)")
        case .irqElsewhere(let rule, let online):
            Problem(
                "interrupts '\(rule.pattern)' cannot go to CPU \(rule.cpus.subtracting(online))",
                why: "CPUs \(online) are online")
        }
    }

    package var description: String { problem.line }
}
