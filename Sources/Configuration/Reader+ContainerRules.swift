// SPDX-License-Identifier: Apache-2.0

import Containers
import ShieldKit
import Text
import YAML

extension Reader {
    /// Reads what containers with CPUs of their own request unless their annotations say otherwise.
    mutating func requests(_ node: Node) -> Requests {
        var requests = Requests()
        let keys = ["irqs", "kernel-threads", "load-balancing", "quota", "governor", "rt-priority", "rt-policy"]
        guard let section = section(node, "exclusive", keys: keys) else { return requests }
        requests.irqs = section.written("irqs").flatMap { word($0, of: "irqs") }
        requests.movesKernelThreads = disables("kernel-threads", in: section)
        if disables("load-balancing", in: section) { requests.loadBalancing = false }
        requests.endsQuota = disables("quota", in: section)
        requests.governor = section.written("governor").flatMap { governor($0) }
        requests.realtime = realtimeRequest(section)
        return requests
    }

    /// Reads a key that has one word only.
    private mutating func disables(_ key: String, in section: Section) -> Bool {
        section.written(key).flatMap { word($0, of: key, as: Disabled.self) } != nil
    }

    /// Which governors a machine has is only known on it.
    private mutating func governor(_ node: Node) -> String? {
        let hint = "give the name of a governor, such as performance"
        guard let name = text(node, of: "governor", hint: hint) else { return nil }
        if Requests.isGovernor(name) { return name }
        report("governor: \(quoted(name)) is none", at: node.mark, hint: hint)
        return nil
    }

    private mutating func realtimeRequest(_ section: Section) -> RealtimeRequest? {
        let policy = section.written("rt-policy").flatMap { word($0, of: "rt-policy", as: PriorityPolicy.self) }
        guard let node = section.written("rt-priority") else {
            if policy != nil {
                report(
                    "rt-policy: there is no priority", at: section.mark(of: "rt-policy"),
                    hint: "add rt-priority: 1 to 99")
            }
            return nil
        }
        return integer(node, of: "rt-priority", in: 1...99).map {
            RealtimeRequest(policy: policy.flatMap { RealtimePolicy(rawValue: $0.rawValue) }, priority: $0)
        }
    }

    /// Reads the requests without which a container does not start; an empty list is none.
    mutating func concerns(_ node: Node) -> Set<Feature> { Set(words(node, of: "strict").map(\.value)) }
}

extension Section {
    /// The value of a key with something behind it.
    fileprivate func written(_ key: String) -> Node? { self[key].flatMap { $0.isEmpty ? nil : $0 } }
}

/// What is on unless it is switched off.
private enum Disabled: String, CaseIterable {
    case disable
}

/// The policies that go with a priority alone.
private enum PriorityPolicy: String, CaseIterable {
    case fifo, rr
}
