// SPDX-License-Identifier: Apache-2.0

import ShieldKit

extension Rule {
    /// What is checked of the other programs of the host, and of rtshield itself.
    static let hostRules: [Rule] = [
        .shieldStands, .configurationIsValid, .configurationIsApplied, .watchRuns,
        .tunedCPUs, .tunedRivalry, .irqbalanceBans, .stalldRuns, .stalldCPUs,
        .onlineCPUs, .systemdCPUs, .foreignExclusives, .foreignPartitions, .lostCPUs, .staleExclusives,
        .enginePlacement, .novaCPUs, .guestThreads,
    ]
}
