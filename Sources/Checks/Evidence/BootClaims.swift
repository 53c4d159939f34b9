// SPDX-License-Identifier: Apache-2.0

import CgroupKit

/// What the kernel's command line claims.
enum BootClaims {
    static func all(in evidence: Evidence) -> [Claim] {
        let boot = evidence.host.boot
        let place = "the kernel's command line"
        let isolated = [
            ("isolcpus=", boot.isolatedCPUs), ("nohz_full=", boot.nohzFull),
            ("rcu_nocbs=", list("rcu_nocbs", of: evidence)),
        ]
        let claims = isolated.filter { !$0.1.isEmpty }.map { Claim($0.0, .isolated, $0.1, source: place) }
        let irqs = list("irqaffinity", of: evidence)
        return claims + (irqs.isEmpty ? [] : [Claim("irqaffinity=", .housekeeping, irqs, source: place)])
    }

    /// The CPUs of an option whose value is a list.
    static func list(_ option: String, of evidence: Evidence) -> CPUSet {
        evidence.host.boot.value(of: option).flatMap {
            CPUSet(bootList: $0, possible: evidence.host.topology.possible)
        } ?? []
    }
}
