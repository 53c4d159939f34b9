// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Kubelet
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let kubeletPolicy = Rule(
        "policy", .kubelet,
        title: "Kubelet gives containers exclusive CPUs if CPUs are meant to be quiet",
        why: "With the policy none every pod may run on every CPU of its cgroup, whatever it requests.",
        reference: managerManual
    ) { evidence in
        guard let kubelet = evidence.kubelet, let configuration = kubelet.configuration else { return [] }
        let policy = configuration.cpuManagerPolicy
        if kubelet.isStatic { return [.ok("cpuManagerPolicy is static (\(policy.origin))")] }
        guard let intent = evidence.intent else { return [] }
        return [
            .note(
                "cpuManagerPolicy is \(policy.value) (\(policy.origin)), and \(intent.cpus.title) are meant to be quiet",
                wanted: "static, if pods are to have those CPUs",
                fix: kubelet.givingOut(intent.cpus, on: evidence))
        ]
    }

    static let kubeletReservation = Rule(
        "reserved", .kubelet,
        title: "Kubelet reserves the CPUs that are not meant to be quiet, and no others",
        why:
            "Kubelet gives out every CPU that it does not reserve. Reserved CPUs on the shield stay unused, and CPUs off "
            + "the shield that are not reserved go to real-time pods although interrupts go there.",
        reference: reservationManual
    ) { evidence in
        guard let kubelet = evidence.kubelet, kubelet.isStatic, let reserved = kubelet.reserved,
            let intent = evidence.intent, intent.source != .kubelet
        else { return [] }
        let online = evidence.host.online
        let idle = reserved.intersection(intent.cpus)
        let exposed = online.subtracting(reserved).subtracting(intent.cpus)
        let wanted = "reservedSystemCPUs: \"\(online.subtracting(intent.cpus))\""
        let fix = kubelet.givingOut(intent.cpus, on: evidence)
        if idle.isEmpty, exposed.isEmpty { return [.ok("kubelet reserves \(reserved.title)")] }
        var remarks: [RuleResult] = []
        if !idle.isEmpty {
            remarks.append(
                .warning(
                    "kubelet reserves \(idle.title), which \(intent.speaker) keeps quiet (\(kubelet.reservationSource))",
                    wanted: wanted, fix: fix))
        }
        if !exposed.isEmpty {
            remarks.append(
                .warning(
                    "kubelet gives \(exposed.title) to pods, but \(intent.speaker) does not keep them quiet",
                    wanted: wanted,
                    fix: fix))
        }
        return remarks
    }

    static let kubeletCounted = Rule(
        "counted", .kubelet,
        title: "Kubelet's configuration lists the CPUs that it reserves",
        why:
            "If only their number is configured, kubelet reserves the first cores in its own order: a change of "
            + "systemReserved or of the number of CPUs moves the border between quiet CPUs and others.",
        reference: reservationManual
    ) { evidence in
        guard let kubelet = evidence.kubelet, kubelet.isStatic, let startup = kubelet.startup,
            case .counted(let amount, let cpus) = startup.reservation
        else { return [] }
        let (count, online) = (startup.reservation.count, evidence.host.online)
        // None, and more than there are, keep kubelet from starting: another rule tells.
        guard (1...max(1, online.count)).contains(count) else { return [] }
        let which = cpus.map { ", and takes \($0.title)" } ?? ""
        return [
            .note(
                "systemReserved and kubeReserved come to a cpu of \(amount): kubelet reserves \(count)\(which)",
                wanted: "a list of CPUs",
                fix: kubelet.reserving(evidence.meantForSystem ?? cpus ?? CPUSet(online.prefix(count))))
        ]
    }

    static let kubeletStrict = Rule(
        "strict", .kubelet,
        title: "Pods stay off the CPUs that are reserved for the system",
        why:
            "Without strict-cpu-reservation burstable and best-effort pods run on the reserved CPUs too, together with "
            + "interrupts and daemons, and can starve them.",
        reference: managerManual
    ) { evidence in
        guard let kubelet = evidence.kubelet, kubelet.isStatic, let configuration = kubelet.configuration else {
            return []
        }
        if configuration.isOn(.strictCPUReservation) { return [.ok("strict-cpu-reservation is on")] }
        return [
            .note(
                "strict-cpu-reservation is off: pods of the shared pool run on the reserved CPUs",
                wanted: "on, from Kubernetes 1.33",
                fix: kubelet.switching(on: .strictCPUReservation, then: KubeletRemedy.renewing(kubelet.cpuStatePath)))
        ]
    }
}

extension Evidence {
    /// The CPUs that somebody else than kubelet leaves to the system; nil where nobody does.
    var meantForSystem: CPUSet? {
        guard let intent, intent.source != .kubelet, !housekeeping.isEmpty else { return nil }
        return housekeeping
    }
}

extension KubeletEvidence {
    /// Where the reservation is told.
    var reservationSource: String {
        guard let configuration else { return "kubelet" }
        let named = configuration.reservedSystemCPUs
        return named.value.cpus.isEmpty ? "systemReserved and kubeReserved" : named.origin.description
    }
}

extension Rule {
    static let kubeletIsolation = Rule(
        "isolcpus", .kubelet,
        title: "The CPUs that kubelet reserves are not isolated at boot",
        why:
            "The scheduler does not spread tasks over CPUs of isolcpus=: kubelet, the runtime and all daemons would "
            + "crowd onto the first CPU.",
        reference: reservationManual
    ) { evidence in
        guard let kubelet = evidence.kubelet, kubelet.isStatic, let reserved = kubelet.reserved else { return [] }
        let isolated = evidence.host.boot.isolatedCPUs.intersection(reserved)
        if isolated.isEmpty { return [.ok("no reserved CPU is isolated at boot")] }
        return [
            .warning(
                "isolcpus= contains \(isolated.title), which kubelet reserves for the system "
                    + "(\(kubelet.reservationSource))",
                wanted: evidence.balanced, fix: evidence.balancing)
        ]
    }

    static let kubeletSharedPool = Rule(
        "shared-isolcpus", .kubelet,
        title: "Kubelet's shared pool contains no CPUs that are isolated at boot",
        why:
            "The scheduler does not balance tasks of shared containers on CPUs of isolcpus=: several crowd onto one CPU "
            + "while others are idle.",
        reference: "https://github.com/kubernetes/kubernetes/pull/87532"
    ) { evidence in
        guard let kubelet = evidence.kubelet, kubelet.isStatic, let state = kubelet.cpuState else { return [] }
        let isolated = evidence.host.boot.isolatedCPUs.intersection(state.defaultCPUs.cpus)
        if isolated.isEmpty { return [.ok("no CPU of the shared pool is isolated at boot")] }
        return [
            .warning(
                "isolcpus= contains \(isolated.title) of kubelet's shared pool",
                wanted: evidence.balanced, fix: evidence.balancing)
        ]
    }
}

extension Evidence {
    /// The option that keeps no more than managed interrupts off quiet CPUs; nil where the kernel does not know it.
    private var managed: String? {
        guard let intent, host.kernel >= KernelVersion(5, 6) else { return nil }
        return "isolcpus=managed_irq,\(intent.cpus)"
    }

    fileprivate var balanced: String {
        "no isolcpus=" + (managed.map { ", or \($0), which leaves balancing on" } ?? "")
    }

    fileprivate var balancing: String {
        managed.map { Remedy.replacing("isolcpus", with: $0, on: self) } ?? Remedy.omitting("isolcpus", on: self)
    }
}
