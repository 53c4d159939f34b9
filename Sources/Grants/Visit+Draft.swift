// SPDX-License-Identifier: Apache-2.0

internal import CgroupKit
internal import Containers

extension Visit {
    /// Makes a grant of what was allowed, for the container as it stands on this machine.
    struct Draft {
        private let machine: any Machine
        private let glance: HostGlance
        private let container: Container
        private let kubelet: KubeletCPUs?
        private let blank: Grant
        /// Whether the container has a group that is only its own; Podman makes none on request (`--cgroups=disabled`).
        private let hasGroup: Bool

        /// - Throws: ``VisitError`` when the container is gone.
        init(
            _ visit: Visit, _ container: Container, _ process: Int32, _ kubelet: KubeletCPUs?
        ) throws(VisitError) {
            machine = visit.machine
            glance = visit.glance
            self.container = container
            self.kubelet = kubelet
            guard let stat = TaskStat(reading: process, on: visit.machine),
                let membership = visit.machine.membership(of: process),
                let leaf = membership.group(in: visit.glance.layout)
            else { throw .gone("its first process, \(process), is gone") }
            hasGroup = !leaf.isRoot && leaf != visit.machine.group(of: visit.caller, layout: visit.glance.layout)
            // crun's group for the program lies inside that of the container, and has no files of its own.
            let group = leaf.lineage.first(where: EngineGroups.isContainer) ?? leaf
            blank = Grant(
                id: container.id?.text ?? "", engine: container.engine.rawValue, name: container.name,
                process: process, started: stat.startTime, group: group,
                budgetGroup: membership.budgetGroup(in: visit.glance.layout) ?? .root)
        }

        /// - Throws: ``VisitError`` when what is allowed needs a group of its own, and there is none: that of others is not touched.
        func grant(_ allowance: Allowance) throws(VisitError) -> Grant {
            guard hasGroup || (allowance.wishes.loadBalancing != false && !allowance.wishes.endsQuota) else {
                throw .denied("it has no group of its own, whose load balancing or quota could end")
            }
            var grant = blank
            grant.cpus = allowance.cpus
            grant.isPod = container.pod != nil
            grant.quiet = quiet(allowance)
            grant.movesKernelThreads = allowance.wishes.movesKernelThreads
            grant.isUnbalanced = allowance.wishes.loadBalancing == false && !allowance.cpus.isEmpty
            grant.endsQuota = allowance.wishes.endsQuota
            grant.resumeLatency = allowance.wishes.idleStates?.text
            grant.governor = allowance.wishes.governor
            grant.realtime = allowance.realtime.map(Grant.Realtime.init)
            if allowance.isKeptOff, hasGroup, let cpus = refuge {
                grant.narrowedTo = cpus
                guard !isKubelets else { return grant }
                grant.narrowedFrom = machine.textIfPresent(of: grant.group.file(glance.layout.name("cpus"))) ?? ""
            }
            return grant
        }

        /// The CPUs that interrupts leave.
        private func quiet(_ allowance: Allowance) -> CPUSet {
            switch allowance.wishes.irqs {
            case .disable: allowance.cpus
            case .housekeeping: allowance.cpus.subtracting(core(of: allowance.cpus.first))
            case nil: []
            }
        }

        private func core(of cpu: Int?) -> CPUSet {
            guard let cpu else { return [] }
            let file = KernelFile(.sys, "devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list")
            return machine.textIfPresent(of: file).flatMap { CPUSet(kernelList: $0) } ?? [cpu]
        }

        /// Where a container is kept that asked for no CPUs; nil where it may run on all that its engine gives it.
        ///
        /// With the static policy kubelet gives CPUs to every container but those that hold pods together, and moves them by
        /// itself. In a pool the kernel keeps everybody off.
        private var refuge: CPUSet? {
            guard isKubelets else { return glance.openShield?.housekeeping }
            return container.sandboxReason == nil ? nil : glance.openShield?.housekeeping ?? kubelet?.shared
        }

        /// Whether kubelet gives CPUs to the containers of its pods, with or without a shield.
        private var isKubelets: Bool { kubelet?.policy == "static" && container.isKubernetes }
    }
}
