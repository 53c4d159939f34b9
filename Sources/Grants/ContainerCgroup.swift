// SPDX-License-Identifier: Apache-2.0

import CgroupKit
internal import Containers
internal import Linux
import MachineKit
import ShieldKit

/// What is written into the groups of a container itself: it goes with them, and nobody has to take it back.
struct ContainerCgroup {
    let grant: Grant
    let layout: CgroupLayout
    let machine: any Machine

    /// Writes all of it.
    ///
    /// - Returns: What could not be written, or what the kernel does not hold.
    func apply() -> [UnmetRequest] {
        var unmet: [UnmetRequest] = []
        if !grant.housekeeping.isEmpty { unmet += attempt(.cpus, narrow) }
        if grant.has(.quota) { unmet += attempt(.quota, endQuota) }
        if grant.has(.loadBalancing) {
            unmet += layout.version == .v1 ? stopBalancing() : isolate()
        }
        return unmet
    }

    private func attempt(_ feature: Feature, _ body: () throws(FileError) -> Void) -> [UnmetRequest] {
        do throws(FileError) { try body() } catch { return [UnmetRequest(feature, error.description)] }
        return []
    }

    // MARK: - CPUs

    private func narrow() throws(FileError) {
        try handDown()
        let write = Write(.cpus(of: grant.group), old: .cpus([]), new: .cpus(grant.housekeeping), why: "")
        if case .refused(let error) = FileApplier(machine: machine).apply(write) { throw error }
    }

    /// Has every group above hand the controller down; engines do the same for who asks for CPUs.
    private func handDown() throws(FileError) {
        guard layout.version == .v2 else { return }
        for path in grant.group.ancestry.dropLast() {
            let file = ControlFile.subtreeControl(of: path)
            if machine.value(of: file) != .controller(true) { try machine.write(.controller(true), to: file) }
        }
    }

    // MARK: - Load balancing

    /// Takes the group out of load balancing, which works only when every group above is out of it too: the kernel makes one
    /// domain of all CPUs of a group that balances (`generate_sched_domains()`).
    private func stopBalancing() -> [UnmetRequest] {
        let failed = attempt(.loadBalancing) { () throws(FileError) in
            try machine.write("0", to: .loadBalancing(of: grant.group))
        }
        let above = grant.group.ancestry.dropLast().first { machine.value(of: .loadBalancing(of: $0)) == "1" }
        guard failed.isEmpty, let above else { return failed }
        return [
            UnmetRequest(
                .loadBalancing,
                "\(machine.path(of: .loadBalancing(of: above))) is 1, so load is still balanced over all of its CPUs; "
                    + "a shield made with --isolated has it at 0")
        ]
    }

    private var partition: ControlFile { .partition(of: grant.group) }

    /// Makes the group a partition of its own.
    ///
    /// The kernel takes every write and says afterwards whether the partition is one. Before 7.0 the CPUs of any sibling
    /// count, and an engine may be about to narrow one: kubelet does so every few seconds.
    private func isolate() -> [UnmetRequest] {
        for attempt in 0..<5 {
            do throws(FileError) {
                if attempt > 0 { machine.pause() }
                try machine.write("isolated", to: partition)
                guard let state = PartitionState(try machine.text(of: machine.location(of: partition))), !state.isValid
                else { return [] }
                if attempt == 4 { return [giveUp(state)] }
            } catch {
                return [UnmetRequest(.loadBalancing, error.description)]
            }
        }
        return []
    }

    /// An invalid partition left behind would become a valid one by surprise.
    private func giveUp(_ state: PartitionState) -> UnmetRequest {
        try? machine.write("member", to: partition)
        let needs =
            machine.exists(machine.location(of: .reservedCPUs(of: grant.group)))
            ? "" : "; a container can only be isolated from Linux 6.7 on"
        return UnmetRequest(.loadBalancing, "\(machine.path(of: partition)) says '\(state)'\(needs)")
    }

    // MARK: - Quota

    /// The pod's first: on cgroup v1 no group may have more time than the one above it.
    private func endQuota() throws(FileError) {
        let ancestry = grant.budgetGroup.ancestry
        let own = grant.budgetGroup.owner.container?.depth ?? ancestry.count - 1
        for path in ancestry[(grant.isPod ? max(own - 1, 1) : own)...] {
            let name = layout.hasLegacyBudget ? "cpu.cfs_quota_us" : "cpu.max"
            let file = KernelFile(.cpu, path.components.joined(separator: "/")).appending(name)
            do throws(FileError) {
                try machine.write(layout.hasLegacyBudget ? "-1" : "max", to: file)
            } catch  where error.isAbsence {
                // Nobody gives out time there.
                continue
            }
        }
    }
}
