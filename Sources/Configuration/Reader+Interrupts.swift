// SPDX-License-Identifier: Apache-2.0

import ShieldKit
import Text
import YAML

extension Reader {
    /// Reads `irqs`, a list of rules.
    mutating func irqRules(_ section: Section) -> [IRQRule] {
        guard let node = section["irqs"], !node.isEmpty else { return [] }
        guard case .sequence(let items) = node.content else {
            report(node, kindOf: "irqs", hint: "give a list of rules, each starting with '- match:'")
            return []
        }
        return items.compactMap { irqRule($0) }
    }

    private mutating func irqRule(_ node: Node) -> IRQRule? {
        guard let section = section(node, "a rule of irqs", keys: ["match", "cpus"]) else { return nil }
        if !section.hasUnknownKeys {
            for key in ["match", "cpus"] where section[key] == nil {
                report("the rule has no '\(key)'", at: section.mark, hint: "give both 'match' and 'cpus'")
            }
        }
        let pattern = section["match"].flatMap { self.pattern($0) }
        let cpus = section["cpus"].flatMap { self.cpus($0, of: "cpus") }
        guard let pattern, let cpus else { return nil }
        return IRQRule(pattern, cpus: cpus)
    }

    private mutating func pattern(_ node: Node) -> String? {
        let hint = "give a number such as 24, or a name such as \"eth0-*\""
        guard let text = text(node, of: "match", hint: hint) else { return nil }
        // No interrupt has such a name, and a NUL byte would end the pattern early.
        guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
            report("match: \(quoted(text)) is no number or name of an interrupt", at: node.mark, hint: hint)
            return nil
        }
        return text
    }
}
