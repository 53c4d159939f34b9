// SPDX-License-Identifier: Apache-2.0

import Containers
import MachineKit
import Reports
import ShieldKit

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
        let disturbing = evidence.containers.all.compactMap { container in
            owned.disturbed(by: container, kubelet).map { (container: container, cpus: $0) }
        }
        let pauses = disturbing.filter { $0.container.decision?.container.sandboxReason != nil }
        let others = disturbing.filter { $0.container.decision?.container.sandboxReason == nil }
        return others.map { container, cpus in
            .warning(
                "\(container.title) may run on \(cpus.title), which kubelet gave to another pod",
                wanted: kubelet.shared.title, fix: "wait 10 s for kubelet; where it stays: systemctl restart kubelet")
        } + (pauses.isEmpty ? [] : [remark(on: pauses.map(\.container.title), kubelet)])
    }

    /// Pause containers only sleep, so that all of them are one thing to know.
    private static func remark(on pauses: [String], _ kubelet: KubeletCPUs) -> RuleResult {
        let names = pauses.prefix(3).joined(separator: ", ") + (pauses.count > 3 ? " and \(pauses.count - 3) more" : "")
        return .note(
            "pause containers may run on CPUs that kubelet gave to other pods: \(names)", wanted: kubelet.shared.title,
            fix:
                "rtshield install containerd, or crio: the hook keeps the pauses of pods that start from then on off them"
        )
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

    /// The CPUs of other pods that a container may run on; nil for one that is in no pod, or runs on none.
    func disturbed(by container: RunningContainer, _ kubelet: KubeletCPUs) -> CPUSet? {
        guard let pod = container.decision?.container.podUID else { return nil }
        // One that kubelet of an old version gave CPUs by its id is in no pod's row.
        let own = (byPod[pod] ?? []).union(kubelet.containersByID[container.id.text] ?? [])
        let disturbed = container.cpus.intersection(all).subtracting(own)
        return disturbed.isEmpty ? nil : disturbed
    }
}
