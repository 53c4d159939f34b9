// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

/// The command that makes a shield, or keeps the one that stands as it is but for one attribute.
struct ShieldCommand {
    private let cpus: CPUSet
    private let shield: Shield?

    /// - Parameters:
    ///   - cpus: The CPUs to shield.
    ///   - shield: The shield that stands; nil without one.
    init(_ cpus: CPUSet, _ shield: Shield?) {
        self.cpus = cpus
        self.shield = shield
    }

    /// The command with one more attribute.
    func text(with attribute: NoiseSource) -> String {
        let wanted = Set(shield?.attributes ?? NoiseSource.defaults.sorted()).union([attribute])
        let words =
            ["rtshield create --cpus \(cpus)"] + placement + partitions
            + list("--with", wanted.subtracting(NoiseSource.defaults))
            + list("--without", NoiseSource.defaults.subtracting(wanted))
            + (shield?.irqRules ?? []).map { "--irq '\($0.pattern)=\($0.cpus)'" }
        return words.joined(separator: " ")
    }

    private func list(_ option: String, _ attributes: Set<NoiseSource>) -> [String] {
        let names = attributes.sorted().map(\.rawValue).joined(separator: ",")
        return names.isEmpty ? [] : ["\(option) \(names)"]
    }

    private var placement: [String] {
        switch shield?.placement {
        case .pool(balanced: true): ["--exclusive"]
        case .pool(balanced: false): ["--isolated"]
        case .open, nil: []
        }
    }

    /// Those that do not share the whole shield.
    private var partitions: [String] {
        (shield?.partitions ?? []).filter { $0.cpus != cpus }.map { partition in
            switch partition.name {
            case Partition.processes: "--user-cpus \(partition.cpus)"
            case Partition.containers: "--docker-cpus \(partition.cpus)"
            default: "--partition \(partition.name)=\(partition.cpus)"
            }
        }
    }
}
