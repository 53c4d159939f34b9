// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
package import ShieldKit

/// What a person should know of a shield that is allowed, and may not be what they meant.
package struct ShieldWarnings: Hashable, Sendable {
    package let texts: [String]

    /// Looks at the interrupts too, when there are rules for them.
    package init(_ shield: Shield, on shielding: ShieldOperations) {
        var texts = Self(shield, on: shielding.host).texts
        if !shield.irqRules.isEmpty {
            let census = InterruptSummary(of: shielding.machine, shield: shield, holding: AppliedState())
            texts += census.idleRules(of: shield).map(\.idleWarning)
        }
        self.texts = texts
    }

    init(_ shield: Shield, on host: Host) {
        var texts: [String] = []
        for split in host.topology.splitCores(by: shield.cpus) {
            texts.append(
                "CPU \(split.inside) shares its core with CPU \(split.outside), which is not shielded: "
                    + "programs there slow it down; shield both or neither")
        }
        let bootIsolated = host.boot.isolatedCPUs.intersection(shield.cpus)
        if !bootIsolated.isEmpty {
            texts.append(
                "CPU \(bootIsolated) is in isolcpus=: the scheduler does not spread tasks over such CPUs, so pin each "
                    + "thread"
            )
        }
        self.texts = texts + shield.attributes.compactMap(\.warning)
    }
}

extension IRQRule {
    /// What a person should know of a rule that no interrupt matches.
    var idleWarning: String { "no interrupt matches '\(pattern)', so none is sent to CPU \(cpus)" }
}
