// SPDX-License-Identifier: Apache-2.0

import Linux
package import MachineKit

/// Where certain interrupts are to go, instead of leaving the shield: the queue that feeds the real-time program, above all.
package struct IRQRule: Hashable, Sendable, Codable {
    /// The number of an interrupt, or a pattern of names such as `eth0-*` as the shell reads it (fnmatch(3)).
    package var pattern: String
    package var cpus: CPUSet

    package init(_ pattern: String, cpus: CPUSet) {
        self.pattern = pattern
        self.cpus = cpus
    }

    /// Whether an interrupt is meant, by its number or by one of its names.
    package func matches(_ irq: Int, _ names: [String]) -> Bool {
        pattern == "\(irq)" || names.contains { NamePattern(pattern).matches($0) }
    }
}

extension Shield {
    /// The rule that sends an interrupt somewhere: the first that means it.
    package func rule(for irq: Int, _ names: [String]) -> IRQRule? { irqRules.first { $0.matches(irq, names) } }
}
