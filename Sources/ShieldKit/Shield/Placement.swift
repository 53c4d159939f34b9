// SPDX-License-Identifier: Apache-2.0

/// How the shield is guarded.
package enum Placement: Hashable, Sendable, Codable {
    /// Everything that did not ask for CPUs leaves the shield; whoever asks for them by number gets them.
    case open
    /// The shield is a group of its own that the kernel guards; only what is started inside it gets its CPUs.
    ///
    /// `balanced` says whether the scheduler spreads tasks over the CPUs of the pool.
    case pool(balanced: Bool)

    package var isPool: Bool { self != .open }

    package var title: String {
        switch self {
        case .open: "open"
        case .pool(balanced: true): "pool (exclusive)"
        case .pool(balanced: false): "pool (exclusive, isolated: no load balancing)"
        }
    }

    private enum CodingKeys: String, CodingKey { case kind, balanced }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        switch try container.decode(String.self, forKey: .kind) {
        case "pool": self = .pool(balanced: try container.decode(Bool.self, forKey: .balanced))
        default: self = .open
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(isPool ? "pool" : "open", forKey: .kind)
        if case .pool(let balanced) = self { try container.encode(balanced, forKey: .balanced) }
    }
}
