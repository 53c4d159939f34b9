// SPDX-License-Identifier: Apache-2.0

package import Text

/// Why whole cores cannot be had as they were asked for.
package enum CoreChoiceError: Error, Hashable, Sendable {
    case noCores
    case absentNode(Int, present: MemoryNodes)
    /// Fewer cores are free than were asked for: on `node` when one was given, and `anywhere` on the machine.
    case tooFew(asked: Int, free: Int, node: Int?, anywhere: Int, stays: CoresThatStay)
    /// `isolcpus=` holds every CPU that is online.
    case allIsolated(CPUSet)
}

/// The cores that no shield gets, as far as an error speaks of them.
package struct CoresThatStay: Hashable, Sendable {
    /// The lowest online CPU, whose core stays with the system.
    package var bootCPU: Int
    /// Another core that stays, because `isolcpus=` holds all others.
    package var kept: CPUSet?
    /// The online threads of cores of which another thread is offline.
    package var incomplete: CPUSet
}

extension CoreChoiceError: CustomStringConvertible {
    /// What is wrong and why, and what to do where no front end has a word of its own for it.
    package var problem: Problem {
        switch self {
        case .noCores: Problem("no cores to shield")
        case .absentNode(let node, let present):
            Problem("NUMA node \(node) does not exist here", why: "this machine has \(Self.name(present))")
        case .tooFew(let asked, let free, let node, let anywhere, let stays):
            Problem(
                Self.lack(asked, free: free, node: node), why: stays.description,
                fix: (node != nil && anywhere > free) || stays.incomplete.isEmpty
                    ? nil : "bring the threads in /sys/devices/system/cpu/offline online")
        case .allIsolated(let cpus):
            Problem(
                "isolcpus=\(cpus) contains every online CPU, and the kernel crashes if a shield leaves no other (seen on "
                    + "6.1, 6.12 and 7.2)", fix: "boot with at least one CPU outside isolcpus=")
        }
    }

    package var description: String { problem.line }

    private static func name(_ nodes: MemoryNodes) -> String {
        nodes.count == 1 ? "only NUMA node \(nodes)" : "NUMA nodes \(nodes)"
    }

    private static func lack(_ asked: Int, free: Int, node: Int?) -> String {
        let place = node.map { " on NUMA node \($0)" } ?? ""
        let found = free == 0 ? "none" : "only \(free)"
        return "\(asked) \(asked == 1 ? "core was" : "cores were") requested\(place), but \(found) can be shielded"
    }
}

extension CoresThatStay: CustomStringConvertible {
    package var description: String {
        var parts = ["the core of CPU \(bootCPU) stays with the system"]
        if let kept {
            parts.append("so does the core of CPU \(kept.first ?? 0), because isolcpus= contains all others")
        }
        if !incomplete.isEmpty {
            parts.append(
                "CPU \(incomplete) shares \(incomplete.count == 1 ? "its core" : "cores") with an offline thread")
        }
        return parts.joined(separator: ", ")
    }
}
