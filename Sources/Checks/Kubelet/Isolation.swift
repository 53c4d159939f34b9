// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Kubelet
import MachineKit
import Reports

extension Rule {
    static let kubeletIsolation = Rule(
        "isolcpus", .kubelet,
        title: "The CPUs that kubelet reserves are not isolated at boot",
        why:
            "The scheduler spreads no task over CPUs of isolcpus=: kubelet, the runtime and all daemons would crowd on the first.",
        reference: reservationManual
    ) { evidence in
        guard let kubelet = evidence.kubelet, kubelet.isStatic, let reserved = kubelet.reserved else { return [] }
        let isolated = evidence.host.boot.isolatedCPUs.intersection(reserved)
        if isolated.isEmpty { return [.ok("no reserved CPU is isolated at boot")] }
        return [
            .warning(
                "isolcpus= holds \(isolated.title), which kubelet reserves for the system (\(kubelet.reservationSource))",
                wanted: evidence.balanced, fix: evidence.balancing)
        ]
    }

    static let kubeletSharedPool = Rule(
        "shared-isolcpus", .kubelet,
        title: "Kubelet's shared pool holds no CPUs that are isolated at boot",
        why:
            "Tasks of shared containers that come onto CPUs of isolcpus= are not balanced: several crowd on one CPU while others "
            + "are idle.",
        reference: "https://github.com/kubernetes/kubernetes/pull/87532"
    ) { evidence in
        guard let kubelet = evidence.kubelet, kubelet.isStatic, let state = kubelet.cpuState else { return [] }
        let isolated = evidence.host.boot.isolatedCPUs.intersection(state.defaultCPUs.cpus)
        if isolated.isEmpty { return [.ok("no CPU of the shared pool is isolated at boot")] }
        return [
            .warning(
                "isolcpus= holds \(isolated.title) of kubelet's shared pool",
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
