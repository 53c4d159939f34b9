// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Kubelet
import MachineKit
import Reports
import ShieldKit

/// What rtshield itself claims.
enum ShieldClaims {
    static func all(in evidence: Evidence) -> [Claim] {
        guard let shield = evidence.shield else { return [] }
        return [Claim("shield", .isolated, shield.cpus, source: "rtshield")]
    }
}

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

/// What kubelet claims.
enum KubeletClaims {
    static func all(in evidence: Evidence) -> [Claim] {
        guard let kubelet = evidence.kubelet, kubelet.isStatic else { return [] }
        var claims: [Claim] = []
        if let reserved = kubelet.reserved {
            claims.append(
                Claim("kubelet reserved", .reserved, reserved, source: kubelet.reservationSource))
        }
        if let state = kubelet.cpuState {
            let file = CPUManagerState.fileName
            claims.append(Claim("kubelet shared", .neither, state.defaultCPUs.cpus, source: file))
            claims.append(Claim("kubelet exclusive", .neither, state.exclusiveCPUs, source: file))
        }
        return claims.filter { !$0.cpus.isEmpty }
    }
}

/// What systemd is told of CPUs.
enum SystemdClaims {
    static func all(in evidence: Evidence) -> [Claim] {
        let settings = evidence.systemd
        return ([settings.manager].compactMap(\.self) + settings.units).compactMap { setting in
            guard let cpus = setting.cpus else { return nil }
            let name = "\(setting.unit) \(setting.key)="
            return Claim(name, side(of: cpus, evidence), cpus, source: setting.place)
        }
    }

    /// What lies wholly on one side speaks for it; what lies on both may be meant so.
    private static func side(of cpus: CPUSet, _ evidence: Evidence) -> Claim.Side {
        guard let quiet = evidence.intent?.cpus else { return .neither }
        if cpus.isDisjoint(with: quiet) { return .housekeeping }
        return cpus.isSubset(of: quiet) ? .isolated : .neither
    }
}

/// What tuned and OpenStack's nova are told of CPUs.
enum ProgramClaims {
    static func all(in evidence: Evidence) -> [Claim] {
        var claims: [Claim] = []
        if let isolated = evidence.tuned?.isolated, let cpus = isolated.cpus {
            claims.append(Claim("tuned isolated_cores", .isolated, cpus, source: isolated.place))
        }
        if let dedicated = evidence.nova.dedicated, let cpus = dedicated.cpus {
            claims.append(Claim("nova \(dedicated.key)", .isolated, cpus, source: dedicated.place))
        }
        if let shared = evidence.nova.shared, let cpus = shared.cpus {
            claims.append(Claim("nova \(shared.key)", .housekeeping, cpus, source: shared.place))
        }
        return claims
    }
}
