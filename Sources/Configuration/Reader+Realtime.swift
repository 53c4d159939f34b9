// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import Linux
import MachineKit
import ShieldKit
import Text
import YAML

extension Reader {
    /// Reads what is below `realtime`.
    mutating func realtime(_ node: Node) -> RealtimeLimits {
        var limits = RealtimeLimits()
        let keys = ["max-priority", "policies", "above", "runtime-us", "who"]
        guard let section = section(node, "realtime", keys: keys) else { return limits }
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
        if let node = section["who"], !node.isEmpty { limits.selectors = selectors(node) }
        return limits
    }

    /// Reads who may ask, a list of descriptions; an empty list describes nobody.
    private mutating func selectors(_ node: Node) -> [RealtimeLimits.ContainerSelector] {
        guard case .sequence(let items) = node.content else {
            report(node, kindOf: "who", hint: "give a list, such as '- {engine: docker}'")
            return []
        }
        return items.compactMap { selector($0) }
    }

    private mutating func selector(_ node: Node) -> RealtimeLimits.ContainerSelector? {
        let keys = ["engine", "namespace", "image", "annotation"]
        guard let section = section(node, "an entry of who", keys: keys) else { return nil }
        if !section.hasUnknownKeys, section.first(of: keys) == nil {
            report(
                "this entry describes nothing", at: node.mark,
                hint: "give at least one of: \(keys.joined(separator: ", "))")
        }
        var selector = RealtimeLimits.ContainerSelector()
        if let node = section["engine"] { selector.engine = word(node, of: "engine") }
        if let node = section["namespace"] { selector.namespace = pattern(node, of: "namespace", such: "control-*") }
        if let node = section["image"] { selector.image = pattern(node, of: "image", such: "*/control-loop:*") }
        if let node = section["annotation"], let pattern = pattern(node, of: "annotation", such: "example.org/rt=yes") {
            let parts = pattern.text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
                String.init)
            selector.annotation = .init(parts[0], value: parts.count > 1 ? NamePattern(parts[1]) : nil)
            if parts[0].isEmpty {
                report("annotation: \(quoted(pattern.text)) has no key", at: node.mark, hint: "give KEY or KEY=VALUE")
            }
        }
        return selector
    }

    private mutating func pattern(_ node: Node, of subject: String, such example: String) -> NamePattern? {
        let hint = "give a text, in which '*' stands for any, such as \(example)"
        guard let text = text(node, of: subject, hint: hint) else { return nil }
        guard !text.isEmpty, !text.utf8.contains(0) else {
            report("\(subject): \(quoted(text)) describes nothing", at: node.mark, hint: hint)
            return nil
        }
        return NamePattern(text)
    }
}
