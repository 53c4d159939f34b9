// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Kubelet
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let kubeletCores = Rule(
        "cores", .kubelet,
        title: "Containers and the system have whole cores",
        why: "Two hardware threads of one core delay each other, whatever cgroups say.",
        reference: managerManual
    ) { evidence in
        guard let kubelet = evidence.kubelet, kubelet.isStatic, let configuration = kubelet.configuration,
            evidence.host.topology.hasThreads
        else { return [] }
        let isFull = configuration.isOn(.fullPCPUsOnly)
        var remarks: [RuleResult] = []
        if let reserved = kubelet.reserved {
            let split = evidence.host.topology.splitCores(by: reserved)
            if !split.isEmpty {
                let cpus = CPUSet(split.map(\.outside))
                let meant = evidence.meantForSystem.flatMap {
                    evidence.host.topology.splitCores(by: $0).isEmpty ? $0 : nil
                }
                remarks.append(
                    .warning(
                        "kubelet reserves \(reserved.title), but leaves \(cpus.title), threads of the same cores, to "
                            + "pods",
                        wanted: "reservedSystemCPUs of whole cores",
                        fix: kubelet.reserving(meant ?? reserved.union(cpus))))
            }
        }
        if !isFull {
            remarks.append(
                .note(
                    "full-pcpus-only is off, and this machine has several threads a core: two containers may share one",
                    wanted: "on, if containers are not to share cores",
                    fix: kubelet.switching(on: .fullPCPUsOnly)))
        }
        return remarks.isEmpty ? [.ok("full-pcpus-only is on, and the reserved cores are whole")] : remarks
    }

    static let kubeletNodes = Rule(
        "nodes", .kubelet,
        title: "Containers have CPUs and memory of one NUMA node",
        why: "Memory of another NUMA node is slower to reach, and by how much depends on what else runs there.",
        reference: "https://kubernetes.io/docs/tasks/administer-cluster/topology-manager/"
    ) { evidence in
        guard let kubelet = evidence.kubelet, kubelet.isStatic, let configuration = kubelet.configuration,
            evidence.host.topology.nodes.count > 1
        else { return [] }
        let policy = configuration.topologyManagerPolicy
        if policy.value != "none" { return [.ok("topologyManagerPolicy is \(policy.value) (\(policy.origin))")] }
        return [
            .note(
                "this machine has \(evidence.host.topology.nodes.count) NUMA nodes, and topologyManagerPolicy is none (\(policy.origin))",
                wanted: "best-effort, or single-numa-node with memoryManagerPolicy Static",
                fix: kubelet.setting(
                    "topologyManagerPolicy", to: "best-effort", flag: "--topology-manager-policy",
                    insteadOf: policy.origin))
        ]
    }
}

extension Topology {
    /// Whether a core has more than one thread that is online.
    fileprivate var hasThreads: Bool { online.contains { (siblings[$0] ?? []).intersection(online).count > 1 } }
}
