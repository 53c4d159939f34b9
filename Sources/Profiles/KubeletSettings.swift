// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What kubelet is told, so that it gives out the isolated CPUs and no others.
package struct KubeletSettings: Hashable, Sendable {
    /// `reservedSystemCPUs`: those that are not isolated.
    package var reservedSystemCPUs: CPUSet
    /// `cpuManagerPolicy`.
    package var cpuManagerPolicy = "static"
    /// `cpuManagerReconcilePeriod`.
    package var cpuManagerReconcilePeriod = "5s"
    /// `cpuManagerPolicyOptions`: the option `full-pcpus-only`, wanted where cores have several threads and all are whole.
    package var hasFullCoresOnly: Bool
    /// `topologyManagerPolicy`.
    package var topologyManagerPolicy = "best-effort"

    init(isolated: CPUSet, housekeeping: CPUSet, topology: Topology) {
        reservedSystemCPUs = housekeeping
        let hasThreads = isolated.contains { topology.core(of: $0).count > 1 }
        hasFullCoresOnly = hasThreads && topology.splitCores(by: isolated).isEmpty
    }
}

extension KubeletSettings {
    /// The keys in the order in which they are printed; the options of the policy have a mapping of their own.
    var keys: [(key: String, value: String)] {
        [
            ("reservedSystemCPUs", reservedSystemCPUs.description), ("cpuManagerPolicy", cpuManagerPolicy),
            ("cpuManagerReconcilePeriod", cpuManagerReconcilePeriod), ("topologyManagerPolicy", topologyManagerPolicy),
        ]
    }

    /// Each setting explained.
    package var explained: [ExplainedSetting] {
        let core = ExplainedSetting(
            name: "cpuManagerPolicyOptions", value: "full-pcpus-only: \"true\"",
            does: "gives out whole cores, and refuses a pod that does not want whole ones",
            why: "threads of one core disturb each other; stable from Kubernetes 1.33", link: Link.cpuManager)
        return [
            ExplainedSetting(
                name: "reservedSystemCPUs", value: reservedSystemCPUs.description,
                does: "keeps these CPUs from being given to one pod alone",
                why: "the shield is what kubelet does not reserve; it moves nothing there, which rtshield does",
                link: Link.reservedCPUs),
            ExplainedSetting(
                name: "cpuManagerPolicy", value: cpuManagerPolicy,
                does: "gives CPUs of their own to guaranteed pods that ask for a whole number",
                why: "no pod has CPUs of its own otherwise", link: Link.cpuManager),
            ExplainedSetting(
                name: "cpuManagerReconcilePeriod", value: cpuManagerReconcilePeriod,
                does: "says how soon other containers leave CPUs that were given to one",
                why: "they share them until then; OpenShift has 5 s, kubelet 10 s", link: Link.cpuManager),
        ] + (hasFullCoresOnly ? [core] : []) + [
            ExplainedSetting(
                name: "topologyManagerPolicy", value: topologyManagerPolicy,
                does: "has CPUs, devices and memory of a pod come from one NUMA node where that is possible",
                why: "single-numa-node refuses the pod where it is not, which the site may want more",
                link: Link.topologyManager)
        ]
    }
}
