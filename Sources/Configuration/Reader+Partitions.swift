// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit
import Text
import YAML

extension Reader {
    /// Reads `partitions` into the request, whose CPUs are already known.
    ///
    /// - Returns: Whether there are any.
    mutating func partitions(_ section: Section, into request: inout ShieldRequest) -> Bool {
        guard let node = section["partitions"] else { return false }
        // One that cannot be read is not missing too.
        guard let entries = entries(node, of: "partitions", hint: "give names with CPUs, such as 'audio: 5'") else {
            return true
        }
        for entry in entries {
            guard let cpus = partition(entry, within: request.cpus) else { continue }
            switch entry.key {
            case Partition.processes: request.userCPUs = cpus
            case Partition.containers: request.dockerCPUs = cpus
            default: request.named.append(NamedCPUs(entry.key, cpus: cpus))
            }
        }
        return !entries.isEmpty
    }

    private mutating func partition(_ entry: Node.Entry, within shield: CPUSet?) -> CPUSet? {
        let name = entry.key
        if !Partition.isName(name) {
            report(
                "\(quoted(name)) cannot name a partition", at: entry.mark,
                hint: "use at most 32 lower-case letters, digits and '_', a letter first")
            // Its CPUs are looked at all the same.
            return cpus(entry.value, of: "the partition")
        }
        if name == Partition.housekeeping {
            report(
                "'\(name)' is the partition of everything off the shield", at: entry.mark,
                hint: "choose another name; '\(name)' gets the CPUs that the shield leaves")
        }
        guard let cpus = cpus(entry.value, of: name) else { return nil }
        if let shield, !cpus.isSubset(of: shield) {
            report(
                "\(name): CPU \(cpus.subtracting(shield)) is not in the shield's cpus, \(shield)", at: entry.value.mark,
                hint: "add it to 'cpus', or take it out here")
        }
        return cpus
    }
}
