// SPDX-License-Identifier: Apache-2.0

import CgroupKit
internal import Containers
import Grants
import MachineKit
import ShieldKit

extension HookInvocation {
    /// Makes a grant of what was decided, for the container as it stands on this machine.
    struct Draft {
        private let machine: any Machine
        private let summary: HostSummary
        private let container: Container
        private let blank: Grant
        /// Whether the container has a group that is only its own; Podman makes none on request (`--cgroups=disabled`).
        private let hasGroup: Bool

        /// - Throws: ``GrantError`` when the container is gone.
        init(_ invocation: HookInvocation, _ container: Container, _ process: Int32) throws(GrantError) {
            machine = invocation.machine
            summary = invocation.summary
            self.container = container
            guard let stat = TaskStat(reading: process, on: invocation.machine),
                let membership = invocation.machine.membership(of: process),
                let leaf = membership.group(in: invocation.summary.layout)
            else { throw .gone("its first process, \(process), is gone") }
            hasGroup =
                !leaf.isRoot
                && leaf != invocation.machine.group(of: invocation.caller, layout: invocation.summary.layout)
            // crun's group for the program lies inside that of the container, and has no files of its own.
            let group = leaf.owner.container ?? leaf
            blank = Grant(
                id: container.id?.text ?? "", engine: container.engine.rawValue, name: container.name,
                process: process, started: stat.startTime, group: group,
                budgetGroup: membership.budgetGroup(in: invocation.summary.layout) ?? .root)
        }

        /// - Throws: ``GrantError`` when it needs a cgroup of its own, and has none: that of others is not touched.
        func grant(_ allocation: Allocation) throws(GrantError) -> Grant {
            guard hasGroup || !allocation.features.keys.contains(where: \.needsCgroup) else {
                throw .denied("it has no group of its own, whose load balancing or quota could end")
            }
            var grant = blank
            grant.cpus = allocation.cpus
            grant.isPod = container.pod != nil
            for (feature, request) in allocation.features {
                grant.features[feature] = granted(request, of: allocation.cpus)
            }
            grant.realtime = allocation.realtime.map(Grant.Realtime.init)
            let cpus = allocation.housekeeping
            if hasGroup, !cpus.isEmpty, !hasCPUsOfAncestor(beside: cpus) {
                grant.housekeeping = cpus
                guard !allocation.outlivesShield else { return grant }
                grant.formerCPUs = machine.textIfPresent(of: grant.group.file(summary.layout.name("cpus"))) ?? ""
            }
            return grant
        }

        /// What is granted of a feature; nil when that is nothing.
        private func granted(_ request: FeatureRequest, of cpus: CPUSet) -> FeatureGrant? {
            guard !cpus.isEmpty else { return nil }
            switch request {
            case .enable: return nil
            case .disable: return .disabled
            case .value(let value): return .value(value)
            case .housekeeping:
                let rest = cpus.subtracting(core(of: cpus.first))
                return rest.isEmpty ? nil : .disabledOn(rest)
            }
        }

        /// Why the container has none of the CPUs that it asked for; nil when it has some.
        ///
        /// On cgroup v2 a group that shares no CPU with the one above it has all of that one (`cpuset.cpus.effective`), and
        /// nobody is told: so it is with `podman run --cgroups=split` in a service that is narrowed to housekeeping CPUs.
        func shortage(of cpus: CPUSet) -> String? {
            guard summary.layout.version == .v2, hasGroup, !cpus.isEmpty,
                let held = list(blank.group.file("cpuset.cpus.effective")), held.isDisjoint(with: cpus)
            else { return nil }
            let above = blank.group.ancestry.dropLast().first { self.cpus(of: $0)?.isDisjoint(with: cpus) == true }
            let place = above.map { ", as \(machine.path(of: $0.directory)) has no others" } ?? ""
            let advice =
                above.map(SystemdUnits.isNarrowedItself) == true
                ? "; with CgroupsMode=no-conmon (--cgroups=no-conmon) Podman makes its group elsewhere" : ""
            return "it asked for \(cpus.title) and runs on \(held)\(place)\(advice)"
        }

        /// Whether a group above asked by number for CPUs beside the housekeeping ones: then they are for all in it.
        ///
        /// So does that of a pod that was made with `--cpuset-cpus`. A group with all CPUs asked for none.
        private func hasCPUsOfAncestor(beside housekeeping: CPUSet) -> Bool {
            blank.group.ancestry.dropFirst().dropLast().contains { path in
                guard let cpus = cpus(of: path) else { return false }
                return !cpus.isSuperset(of: summary.online) && !cpus.isSubset(of: housekeeping)
            }
        }

        /// What a group was given; nil where it has none of its own.
        private func cpus(of path: CgroupPath) -> CPUSet? { list(path.file(summary.layout.name("cpus"))) }

        private func list(_ file: KernelFile) -> CPUSet? {
            machine.textIfPresent(of: file).flatMap { CPUSet(kernelList: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        }

        private func core(of cpu: Int?) -> CPUSet {
            guard let cpu else { return [] }
            let file = KernelFile(.sys, "devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list")
            return machine.textIfPresent(of: file).flatMap { CPUSet(kernelList: $0) } ?? [cpu]
        }
    }
}
