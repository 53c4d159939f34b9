// SPDX-License-Identifier: Apache-2.0

import YAML

extension Reader {
    /// Reads what is below `realtime`.
    mutating func realtime(_ node: Node) -> RealtimeLimits {
        var limits = RealtimeLimits()
        guard let section = section(node, "realtime", keys: ["max-priority", "policies", "above", "runtime-us"]) else {
            return limits
        }
        if let node = section["max-priority"], let priority = integer(node, of: "max-priority", in: 0...99) {
            limits.maxPriority = priority
        }
        // An empty list allows no policy; a list of which only the key is left says nothing.
        if let node = section["policies"], !node.isEmpty {
            limits.policies = Set(words(node, of: "policies").map(\.value))
        }
        if let node = section["above"], let excess = word(node, of: "above", as: RealtimeLimits.Excess.self) {
            limits.above = excess
        }
        if let node = section["runtime-us"] {
            limits.runtime = integer(node, of: "runtime-us", in: 1...1_000_000)
        }
        return limits
    }
}
