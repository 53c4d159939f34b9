// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

extension Step: Codable {
    /// One key a step, so that the journal reads as `{"write": {…}}`.
    private enum CodingKeys: String, CodingKey {
        case write, makeGroup, removeGroup, rememberAffinities, restoreAffinities, sweep, units, tune, ban, cycleCPUs,
            restoreCPU
    }

    /// How one kind of step is written and read.
    private struct Row: Sendable {
        let key: CodingKeys
        /// Writes the step if it is of this kind.
        let encode: @Sendable (Step, inout KeyedEncodingContainer<CodingKeys>) throws -> Bool
        let decode: @Sendable (KeyedDecodingContainer<CodingKeys>) throws -> Step

        init<Content: Codable & Sendable>(
            _ key: CodingKeys, _ step: @escaping @Sendable (Content) -> Step,
            _ content: @escaping @Sendable (Step) -> Content?
        ) {
            self.key = key
            encode = { step, container in
                guard let content = content(step) else { return false }
                try container.encode(content, forKey: key)
                return true
            }
            decode = { step(try $0.decode(Content.self, forKey: key)) }
        }
    }

    private static let rows = [
        Row(.write, Step.write) { if case .write(let it) = $0 { it } else { nil } },
        Row(.makeGroup, Step.makeGroup) { if case .makeGroup(let it) = $0 { it } else { nil } },
        Row(.removeGroup, Step.removeGroup) { if case .removeGroup(let it) = $0 { it } else { nil } },
        Row(.rememberAffinities, Step.rememberAffinities) {
            if case .rememberAffinities(let it) = $0 { it } else { nil }
        },
        Row(.restoreAffinities, Step.restoreAffinities) {
            if case .restoreAffinities(let it) = $0 { it } else { nil }
        },
        Row(.sweep, Step.sweep) { if case .sweep(let it) = $0 { it } else { nil } },
        Row(.units, Step.units) { if case .units(let it) = $0 { it } else { nil } },
        Row(.tune, Step.tune) { if case .tune(let it) = $0 { it } else { nil } },
        Row(.ban, Step.ban) { if case .ban(let it) = $0 { it } else { nil } },
        Row(.cycleCPUs, Step.cycleCPUs) { if case .cycleCPUs(let it) = $0 { it } else { nil } },
        Row(.restoreCPU, Step.restoreCPU) { if case .restoreCPU(let it) = $0 { it } else { nil } },
    ]

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard let key = container.allKeys.first, let row = Self.rows.first(where: { $0.key == key }) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a step"))
        }
        self = try row.decode(container)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        for row in Self.rows where try row.encode(self, &container) { return }
    }
}

extension CgroupSpec {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        // Format 1 had another key for it, which always held the root.
        let fallback = try container.decodeIfPresent(CgroupPath.self, forKey: .fallback) ?? .root
        self.init(
            try container.decode(CgroupPath.self, forKey: .path), fallback: fallback,
            isAdoptable: try container.decode(Bool.self, forKey: .isAdoptable),
            why: try container.decode(String.self, forKey: .why))
    }
}
