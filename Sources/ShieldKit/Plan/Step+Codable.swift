// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit

extension Step {
    /// One key a step, so that the journal reads as `{"write": {…}}`.
    private enum CodingKeys: String, CodingKey {
        case write, makeGroup, removeGroup, rememberAffinities, restoreAffinities, sweep, units, tune, ban, cycleCPUs,
            restoreCPU
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a step"))
        }
        switch key {
        case .write: self = .write(try container.decode(Write.self, forKey: key))
        case .makeGroup: self = .makeGroup(try container.decode(CgroupSpec.self, forKey: key))
        case .removeGroup: self = .removeGroup(try container.decode(CgroupSpec.self, forKey: key))
        case .rememberAffinities: self = .rememberAffinities(try container.decode(CPUSet.self, forKey: key))
        case .restoreAffinities: self = .restoreAffinities(try container.decode(AffinityRecord.self, forKey: key))
        case .sweep: self = .sweep(try container.decode(Sweep.self, forKey: key))
        case .units: self = .units(try container.decode(UnitChange.self, forKey: key))
        case .tune: self = .tune(try container.decode(Tuning.self, forKey: key))
        case .ban: self = .ban(try container.decode(IrqbalanceBan.self, forKey: key))
        case .restoreCPU: self = .restoreCPU(try container.decode(HotplugLoss.self, forKey: key))
        case .cycleCPUs: self = .cycleCPUs(try container.decode(CPUSet.self, forKey: key))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .write(let write): try container.encode(write, forKey: .write)
        case .makeGroup(let spec): try container.encode(spec, forKey: .makeGroup)
        case .removeGroup(let spec): try container.encode(spec, forKey: .removeGroup)
        case .rememberAffinities(let online): try container.encode(online, forKey: .rememberAffinities)
        case .restoreAffinities(let record): try container.encode(record, forKey: .restoreAffinities)
        case .sweep(let sweep): try container.encode(sweep, forKey: .sweep)
        case .units(let change): try container.encode(change, forKey: .units)
        case .tune(let tuning): try container.encode(tuning, forKey: .tune)
        case .ban(let ban): try container.encode(ban, forKey: .ban)
        case .restoreCPU(let loss): try container.encode(loss, forKey: .restoreCPU)
        case .cycleCPUs(let cpus): try container.encode(cpus, forKey: .cycleCPUs)
        }
    }
}

extension CgroupSpec {
    /// What format 1 called the fallback.
    private enum FormatOneKeys: String, CodingKey { case heir }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let fallback =
            try container.decodeIfPresent(CgroupPath.self, forKey: .fallback)
            ?? decoder.container(keyedBy: FormatOneKeys.self).decode(CgroupPath.self, forKey: .heir)
        self.init(
            try container.decode(CgroupPath.self, forKey: .path), fallback: fallback,
            isAdoptable: try container.decode(Bool.self, forKey: .isAdoptable),
            why: try container.decode(String.self, forKey: .why))
    }
}

extension CPUSet: Codable {
    /// Reads a CPU list such as `2-5,8`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let set = CPUSet(kernelList: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a CPU list")
        }
        self = set
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension TaskIDs: Codable {
    /// Reads ranges of task ids such as `12-40,45`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let ids = TaskIDs(parsing: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no ranges of task ids")
        }
        self = ids
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
