// SPDX-License-Identifier: Apache-2.0

import Containers
import YAML

extension Reader {
    /// Reads what containers with CPUs of their own wish for unless their annotations say otherwise.
    mutating func wishes(_ node: Node) -> Wishes {
        var wishes = Wishes()
        let keys = ["irqs", "load-balancing", "quota", "governor", "rt-priority", "rt-policy"]
        guard let section = section(node, "exclusive", keys: keys) else { return wishes }
        wishes.irqs = section["irqs"].flatMap { word($0, of: "irqs") }
        if let node = section["load-balancing"], word(node, of: "load-balancing", as: Disabled.self) != nil {
            wishes.loadBalancing = false
        }
        wishes.endsQuota = section["quota"].flatMap { word($0, of: "quota", as: Disabled.self) } != nil
        wishes.governor = section["governor"].flatMap { text($0, of: "governor", hint: "such as performance") }
        wishes.realtime = realtimeWish(section)
        return wishes
    }

    private mutating func realtimeWish(_ section: Section) -> RealtimeWish? {
        let policy = section["rt-policy"].flatMap { word($0, of: "rt-policy", as: PriorityPolicy.self) }
        guard let node = section["rt-priority"] else {
            if section["rt-policy"] != nil {
                report(
                    "rt-policy: there is no priority", at: section.mark(of: "rt-policy"),
                    hint: "add rt-priority: 1 to 99")
            }
            return nil
        }
        return integer(node, of: "rt-priority", in: 1...99).map {
            RealtimeWish(policy: policy.flatMap { RealtimePolicy(rawValue: $0.rawValue) }, priority: $0)
        }
    }

    /// Reads the wishes without which a container does not start; an empty list is none.
    mutating func concerns(_ node: Node) -> Set<Concern> { Set(words(node, of: "strict").map(\.value)) }
}

/// What is on unless it is switched off.
private enum Disabled: String, CaseIterable {
    case disable
}

/// The policies that go with a priority alone.
private enum PriorityPolicy: String, CaseIterable {
    case fifo, rr
}
