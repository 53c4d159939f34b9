// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers

extension Rule {
    static let podNeighbours = Rule(
        "neighbours", .containers,
        title: "No pod runs on CPUs that kubelet gave to another one",
        why:
            "kubelet takes containers of the shared pool off CPUs that it gave away only when it next reconciles, by default "
            + "after 10 s, and pause containers never.",
        reference: cpuManagerManual
    ) { evidence in
        guard let kubelet = evidence.containers.kubelet, kubelet.policy == "static" else { return [] }
        let owned = PodCPUs(kubelet)
        return evidence.containers.all.compactMap { container in
            guard let pod = container.explanation?.container.podUID else { return nil }
            let taken = container.cpus.intersection(owned.all).subtracting(owned.byPod[pod] ?? [])
            // One that kubelet of an old version gave CPUs by its id is in no pod's row.
            let own = kubelet.containersByID[container.id.text] ?? []
            let disturbed = taken.subtracting(own)
            guard !disturbed.isEmpty else { return nil }
            let isPause = container.explanation?.container.sandboxReason != nil
            let title = container.title + (isPause ? ", a pause container," : "")
            return .warning(
                "\(title) may run on CPUs \(disturbed), which kubelet gave to another pod",
                wanted: "CPUs \(kubelet.shared)",
                fix: isPause ? "rtshield reconcile" : "wait 10 s for kubelet; where it stays: systemctl restart kubelet"
            )
        }
    }
}

/// The CPUs that kubelet gave to single containers and pods.
private struct PodCPUs {
    /// By the uid of the pod.
    private(set) var byPod: [String: CPUSet] = [:]
    private(set) var all: CPUSet = []

    init(_ kubelet: KubeletCPUs) {
        for (pod, containers) in kubelet.containers {
            for cpus in containers.values { byPod[pod, default: []].formUnion(cpus) }
        }
        for (pod, cpus) in kubelet.pods { byPod[pod, default: []].formUnion(cpus) }
        for cpus in byPod.values { all.formUnion(cpus) }
        for cpus in kubelet.containersByID.values { all.formUnion(cpus) }
    }
}
