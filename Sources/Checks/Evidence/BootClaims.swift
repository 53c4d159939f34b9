// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

/// What the kernel's command line claims, and what the kernel made of it where that differs.
enum BootClaims {
    static func all(in evidence: Evidence) -> [Claim] {
        let boot = evidence.host.boot
        let place = "the kernel's command line"
        let isolated = [
            ("isolcpus=", boot.isolatedCPUs), ("nohz_full=", boot.nohzFull),
            ("rcu_nocbs=", list("rcu_nocbs", of: evidence)),
        ]
        let shared = [
            ("irqaffinity=", list("irqaffinity", of: evidence)),
            ("unbound work at boot", list("workqueue.unbound_cpus", of: evidence)),
        ]
        return isolated.filter { !$0.1.isEmpty }.map { Claim($0.0, .isolated, $0.1, source: place) }
            + granted(in: evidence)
            + shared.filter { !$0.1.isEmpty }.map { Claim($0.0, .housekeeping, $0.1, source: place) }
    }

    private static func granted(in evidence: Evidence) -> [Claim] {
        let boot = evidence.host.boot
        let files = [
            ("isolated", boot.isolatedCPUs, evidence.grantedIsolated),
            ("nohz_full", boot.nohzFull, evidence.grantedTickless),
        ]
        return files.compactMap { name, asked, granted in
            guard let granted, granted != asked else { return nil }
            return Claim("\(name) granted", .isolated, granted, source: "/sys/devices/system/cpu/\(name)")
        }
    }

    /// The CPUs of an option whose value is a list.
    static func list(_ option: String, of evidence: Evidence) -> CPUSet {
        evidence.host.boot.value(of: option).flatMap {
            CPUSet(bootList: $0, possible: evidence.host.topology.possible)
        } ?? []
    }
}
