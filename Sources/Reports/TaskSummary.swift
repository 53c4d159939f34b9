// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
package import MachineKit
package import ShieldKit

/// Where the tasks of a machine may run, and what those on the shield are doing there, from one pass over `/proc`.
package struct TaskSummary {
    /// How many tasks may run on exactly these CPUs; those whose affinity only the kernel may set are not counted.
    package private(set) var byAffinity: [CPUSet: Int] = [:]
    /// Tasks on the shield that cannot leave it.
    package private(set) var staying: [UnmovableReason: NameCounts] = [:]
    /// Tasks on the shield that belong there, by what their group is to it.
    package private(set) var atHome: [CgroupRoles.Role: Int] = [:]
    /// Kernel threads on the shield that a sweep would narrow.
    package private(set) var kernelThreads = NameCounts()
    /// User tasks on the shield that a sweep would take off it, those of containers left out.
    package private(set) var strays = NameCounts()
    /// Containers that asked for no CPUs and are on the shield, with the number of their tasks there.
    package private(set) var wideContainers: [CgroupPath: Int] = [:]

    /// Programs that run here and set interrupts themselves.
    package private(set) var rivals: Set<String> = []

    /// tuned's profiles and CRI-O's high-performance hooks write `/proc/irq`; irqbalance is talked to.
    private static let rivalNames: Set = ["tuned", "crio"]

    /// Counts the tasks of a machine without a shield.
    package init(of machine: any Machine) {
        for task in machine.tasks() { count(task) }
    }

    /// Counts the tasks of a shielded machine.
    ///
    /// Only the groups of tasks on the shield are looked up, and asked for in `roles`.
    package init(of machine: any Machine, layout: CgroupLayout, shield: CPUSet, roles: inout CgroupRoles) {
        let sweep = Sweep(destination: nil, shield: shield)
        for task in machine.tasks() {
            count(task)
            guard !task.affinity.isDisjoint(with: shield) else { continue }
            let verdict = TaskMobility(task, sweep: sweep, interrupt: machine.interrupt(ofThread: task.stat))
            if task.stat.refusesAffinity {
                note(task, verdict)
            } else if let group = machine.group(of: task.id, layout: layout) {
                judge(task, verdict, in: group, &roles)
            }
        }
    }

    /// How many tasks may run on each CPU.
    package var perCPU: [Int: Int] {
        byAffinity.reduce(into: [:]) { counts, entry in
            for cpu in entry.key { counts[cpu, default: 0] += entry.value }
        }
    }

    private mutating func count(_ task: HostTask) {
        if Self.rivalNames.contains(task.stat.name) { rivals.insert(task.stat.name) }
        if !task.stat.refusesAffinity { byAffinity[task.affinity, default: 0] += 1 }
    }

    private mutating func judge(
        _ task: HostTask, _ verdict: TaskMobility, in group: CgroupPath, _ roles: inout CgroupRoles
    ) {
        let role = roles.role(of: group)
        if role != .unasked {
            atHome[role, default: 0] += 1
        } else if task.stat.isKernelThread {
            note(task, verdict)
        } else if let container = roles.container(of: group) {
            wideContainers[container, default: 0] += 1
        } else {
            strays.add(task.stat)
        }
    }

    private mutating func note(_ task: HostTask, _ verdict: TaskMobility) {
        switch verdict {
        case .stays(let reason): staying[reason, default: NameCounts()].add(task.stat)
        case .narrow, .move: kernelThreads.add(task.stat)
        case .clear: break
        }
    }
}
