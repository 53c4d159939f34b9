// SPDX-License-Identifier: Apache-2.0

/// What a person should know of a shield that is allowed, and may not be what they meant.
package struct ShieldWarnings: Hashable, Sendable {
    package let texts: [String]

    package init(_ shield: Shield, on host: Host) {
        var texts: [String] = []
        for split in host.topology.splitCores(by: shield.cpus) {
            texts.append(
                "CPU \(split.inside) shares its core with CPU \(split.outside), which is not shielded: "
                    + "what runs there slows it down; shield both, or neither")
        }
        let bootIsolated = host.boot.isolatedCPUs.intersection(shield.cpus)
        if !bootIsolated.isEmpty {
            texts.append(
                "isolcpus= holds CPU \(bootIsolated): the scheduler does not spread tasks over such CPUs, so pin each thread"
            )
        }
        self.texts = texts
    }
}
