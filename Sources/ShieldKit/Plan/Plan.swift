// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// Ordered steps from a host to a shield.
package struct Plan: Hashable, Sendable {
    package var shield: Shield
    package var strategy: StrategyChoice
    package var steps: [Step]
    /// Which cores were chosen, and why; nil when the CPUs were given by number.
    package var cores: CoreChoice?

    package init(shield: Shield, strategy: StrategyChoice, steps: [Step]) {
        self.shield = shield
        self.strategy = strategy
        self.steps = steps
    }

    /// Whether the machine already is as the shield wants it, so that only new tasks may have to be swept.
    package var changesNothing: Bool {
        steps.allSatisfy {
            switch $0 {
            case .sweep, .rememberAffinities: true
            default: false
            }
        }
    }
}

/// Which strategy was chosen for a host, and why.
package struct StrategyChoice: Hashable, Sendable, Codable {
    /// A short name, such as `v2-systemd`.
    package var name: String
    /// The observation that decided, as a sentence fragment.
    package var reason: String

    package init(name: String, reason: String) {
        self.name = name
        self.reason = reason
    }
}
