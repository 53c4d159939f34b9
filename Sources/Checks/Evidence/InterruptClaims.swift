// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

/// Where interrupts and other work of the kernel may go.
enum InterruptClaims {
    static func all(in evidence: Evidence) -> [Claim] {
        let masks = [
            ("default IRQs", Tree.proc, "irq/default_smp_affinity", "/proc/irq/default_smp_affinity"),
            (
                "work queues", Tree.sys, "devices/virtual/workqueue/cpumask",
                "/sys/devices/virtual/workqueue/cpumask"
            ),
        ]
        var claims: [Claim] = masks.compactMap { name, tree, path, source in
            guard let cpus = evidence.value(tree, path).flatMap({ CPUSet(mask: $0) }) else { return nil }
            return Claim(name, .housekeeping, cpus.intersection(evidence.host.topology.possible), source: source)
        }
        if evidence.sysctl("kernel.watchdog") != "0",
            let cpus = evidence.sysctl("kernel.watchdog_cpumask").flatMap({ CPUSet(kernelList: $0) })
        {
            claims.append(Claim("lockup watchdog", .housekeeping, cpus, source: "kernel.watchdog_cpumask"))
        }
        guard let irqbalance = evidence.irqbalance else { return claims }
        return claims + [Claim("irqbalance off", .isolated, irqbalance.banned, source: "irqbalance")]
    }
}
