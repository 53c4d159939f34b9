// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit
package import ShieldKit

/// What grants have to know of a host: a few files, where observing it all would keep a container waiting.
package struct HostSummary: Sendable {
    /// Where cpusets live.
    package var layout: CgroupLayout
    /// The CPUs that are online.
    package var online: CPUSet
    /// The boot, to which the ledger belongs.
    package var bootID: String
    /// The shield that is in place; nil without one.
    package var shield: Shield?

    /// Reads a machine.
    ///
    /// - Throws: `HostError` when it has no cpusets.
    package init(at machine: any Machine) throws(HostError) {
        guard let layout = machine.layout else { throw .noCpuset }
        self.layout = layout
        let online = machine.textIfPresent(of: KernelFile(.sys, "devices/system/cpu/online"))
        self.online = online.flatMap { CPUSet(kernelList: $0) } ?? []
        bootID = machine.textIfPresent(of: KernelFile(.proc, "sys/kernel/random/boot_id")) ?? ""
        shield = Journal.shield(on: machine, bootID: bootID)
    }

    /// What is known, for tests and plans.
    package init(layout: CgroupLayout, online: CPUSet, bootID: String, shield: Shield? = nil) {
        self.layout = layout
        self.online = online
        self.bootID = bootID
        self.shield = shield
    }

    /// The CPUs that interrupts leave because of the shield.
    package var quiet: CPUSet {
        guard let shield, shield.attributes.contains(.irqs) else { return [] }
        return shield.cpus
    }

    /// The CPUs that kernel threads leave because of the shield.
    package var vacant: CPUSet {
        guard let shield, shield.attributes.contains(.kernelThreads) else { return [] }
        return shield.cpus
    }

    /// The shield that leaves containers free to ask for its CPUs by number; nil without one.
    package var openShield: Shield? { shield.flatMap { $0.placement.isPool ? nil : $0 } }

    /// What the shield did to this machine; its whole journal is read for that.
    func applied(on machine: any Machine) -> AppliedState {
        guard shield != nil, let journal = try? Journal(of: machine, bootID: bootID) else { return AppliedState() }
        return journal.applied
    }

    /// What tasks could use before a shield narrowed them, also one that was not made or removed to its end.
    func history(on machine: any Machine) -> AffinityHistory {
        guard let journal = try? Journal(of: machine, bootID: bootID) else { return AffinityHistory() }
        return AffinityHistory(of: journal, online: online)
    }

    /// What a shield keeps in the file of a CPU; nil where it leaves that alone.
    func shielded(_ cpu: Int, _ attribute: NoiseSource) -> String? {
        guard let shield, shield.cpus.contains(cpu), shield.attributes.contains(attribute) else { return nil }
        return attribute == .governor ? "performance" : "n/a"
    }

    /// Whether real-time tasks of a group need a budget of their own (cgroup v1, CONFIG_RT_GROUP_SCHED).
    func hasRealtimeGroups(on machine: any Machine) -> Bool {
        layout.hasLegacyBudget && machine.exists(machine.location(of: .realtimeBudget(of: .root)))
    }
}
