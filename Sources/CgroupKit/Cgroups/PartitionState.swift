// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// What the kernel says in `cpuset.cpus.partition` of a cgroup v2 group.
///
/// A write of `root` or `isolated` succeeds even when the partition is invalid; only reading tells
/// (Documentation/admin-guide/cgroup-v2.rst, "cpuset.cpus.partition").
package struct PartitionState: Hashable, Sendable, CustomStringConvertible {
    package enum Kind: String, Hashable, Sendable, Codable {
        case member, root, isolated
    }

    package var kind: Kind
    /// The kernel's reason when the partition is invalid; 6.12 may give an empty one.
    package var invalidReason: String?

    package init(_ kind: Kind, invalidReason: String? = nil) {
        self.kind = kind
        self.invalidReason = invalidReason
    }

    /// Reads `isolated`, `isolated invalid` or `isolated invalid (reason)`; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let text = text.trimmingASCIISpace()
        let words = text.split(separator: " ", maxSplits: 2)
        guard let first = words.first, let kind = Kind(rawValue: String(first)) else { return nil }
        self.kind = kind
        guard words.count > 1 else { return }
        guard words[1] == "invalid" else { return nil }
        guard words.count > 2 else {
            invalidReason = ""
            return
        }
        guard words[2].hasPrefix("("), words[2].hasSuffix(")") else { return nil }
        invalidReason = String(words[2].dropFirst().dropLast())
    }

    package var isValid: Bool { invalidReason == nil }

    package var description: String {
        switch invalidReason {
        case nil: kind.rawValue
        case ""?: kind.rawValue + " invalid"
        case let reason?: "\(kind.rawValue) invalid (\(reason))"
        }
    }
}
