// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit
import YAML

extension Reader {
    private static let shieldKeys = [
        "cpus", "cores", "numa", "smt", "placement", "mems", "partitions", "with", "without", "irqs",
    ]

    /// Reads what is below `shield`, whose key is at `mark`.
    mutating func shield(_ node: Node, key mark: Mark) -> ShieldRequest {
        var request = ShieldRequest()
        guard let section = section(node, "shield", keys: Reader.shieldKeys) else { return request }
        if let node = section["cpus"] { request.cpus = cpus(node, of: "cpus") }
        request.cores = cores(section)
        if let node = section["placement"], let word = word(node, of: "placement", as: PlacementWord.self) {
            request.placement = word.placement
        }
        if let node = section["mems"] { request.mems = cpus(node, of: "mems") }
        let hasPartitions = partitions(section, into: &request)
        request.attributes = attributes(section)
        request.irqRules = irqRules(section)
        if !section.hasUnknownKeys, !hasPartitions, section.first(of: ["cpus", "cores"]) == nil {
            report("the shield has no CPUs", at: mark, hint: "give 'cpus: 2-5', 'cores: 2' or partitions")
        }
        return request
    }

    /// Reads `cores` and the keys that belong to it.
    private mutating func cores(_ section: Section) -> CoreRequest? {
        let count = section["cores"].map { integer($0, of: "cores", in: 1...CPUSet.highestNumber) }
        let node = section["numa"].map { integer($0, of: "numa", in: 0...CPUSet.highestNumber) }
        let threads = section["smt"].map { word($0, of: "smt", as: CoreRequest.Threads.self) }
        if count == nil {
            for key in ["numa", "smt"] where section[key] != nil && !section.hasUnknownKeys {
                report(
                    "'\(key)' says which cores, but there is no 'cores'", at: section.mark(of: key),
                    hint: "add 'cores: 2'")
            }
        } else if section["cpus"] != nil {
            let later = max(section.mark(of: "cpus"), section.mark(of: "cores"))
            report("'cpus' and 'cores' exclude each other", at: later, hint: "keep one of them")
        }
        guard let count = count ?? nil else { return nil }
        return CoreRequest(cores: count, node: node ?? nil, threads: (threads ?? nil) ?? .pair)
    }

    /// Reads `with` and `without`, which change the defaults.
    private mutating func attributes(_ section: Section) -> Set<NoiseSource> {
        let with = attributes(section, "with")
        let without = attributes(section, "without")
        for (attribute, mark) in without {
            guard let other = with.first(where: { $0.value == attribute }) else { continue }
            report(
                "'\(attribute.rawValue)' is in both with and without", at: max(mark, other.mark),
                hint: "keep one of them")
        }
        return NoiseSource.defaults.union(with.map(\.value)).subtracting(without.map(\.value))
    }

    private mutating func attributes(_ section: Section, _ key: String) -> [(value: NoiseSource, mark: Mark)] {
        guard let node = section[key], !node.isEmpty else { return [] }
        return words(node, of: key)
    }
}

/// The words for ``Placement``.
private enum PlacementWord: String, CaseIterable {
    case open, exclusive, isolated

    var placement: Placement {
        switch self {
        case .open: .open
        case .exclusive: .pool(balanced: true)
        case .isolated: .pool(balanced: false)
        }
    }
}
