// SPDX-License-Identifier: Apache-2.0

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
    package var description: String {
        switch self {
        case .noCores: "no cores to shield: give --cores COUNT, such as --cores 2"
        case .absentNode(let node, let present):
            "NUMA node \(node) does not exist here: this machine has \(Self.name(present)); give one that exists, "
                + "or leave --numa out"
        case .tooFew(let asked, let free, let node, let anywhere, let stays):
            Self.lack(asked, free: free, node: node) + ": " + stays.description + "; "
                + Self.advice(free: free, node: node, anywhere: anywhere, stays: stays)
        case .allIsolated(let cpus):
            "isolcpus=\(cpus) contains every online CPU, and the kernel crashes if a shield leaves no other (seen on "
                + "6.1, 6.12 and 7.2): boot with at least one CPU outside isolcpus="
        }
    }

    private static func name(_ nodes: MemoryNodes) -> String {
        nodes.count == 1 ? "only NUMA node \(nodes)" : "NUMA nodes \(nodes)"
    }

    private static func lack(_ asked: Int, free: Int, node: Int?) -> String {
        let place = node.map { " on NUMA node \($0)" } ?? ""
        let found = free == 0 ? "none" : "only \(free)"
        return "\(asked) \(asked == 1 ? "core was" : "cores were") requested\(place), but \(found) can be shielded"
    }

    private static func advice(free: Int, node: Int?, anywhere: Int, stays: CoresThatStay) -> String {
        if node != nil, anywhere > free { return "without --numa there are \(anywhere)" }
        if !stays.incomplete.isEmpty {
            return "bring the threads in /sys/devices/system/cpu/offline online"
        }
        return free == 0 ? "give single threads with --cpus LIST" : "request \(free), or give threads with --cpus LIST"
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
