// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Kubelet

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
                "isolcpus= holds \(isolated.named), which kubelet reserves for the system (\(kubelet.reservationSource))",
                wanted: "isolcpus= without CPUs \(reserved)",
                fix: "rtshield kargs --cpus \(evidence.host.online.subtracting(reserved)) --profile openshift")
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
                "isolcpus= holds \(isolated.named) of kubelet's shared pool",
                wanted: "isolcpus=managed_irq,\(isolated), which leaves balancing on",
                fix: "rtshield kargs --cpus \(evidence.intent?.cpus ?? isolated) --profile openshift")
        ]
    }
}
