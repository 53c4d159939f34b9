// SPDX-License-Identifier: Apache-2.0

import CgroupKit
package import MachineKit

/// Why a task stays on the shield.
package enum UnmovableReason: String, Hashable, Sendable, Codable, CaseIterable {
    /// A kernel thread made for one CPU: migration/N, ksoftirqd/N, bound kworkers.
    case perCPU
    /// A kernel thread whose affinity the kernel alone sets (PF_NO_SETAFFINITY): unbound kworkers, work-queue rescuers.
    case kernelOnly
    /// A movable kernel thread that has no CPU outside the shield.
    case onlyShielded
    /// The thread of an interrupt that goes to the shield: it runs where its interrupt does.
    case interrupt

    package var explanation: String {
        switch self {
        case .perCPU: "bound to one CPU each; the kernel makes one for every CPU and does not let it move"
        case .kernelOnly: "kernel threads whose affinity only the kernel may set (PF_NO_SETAFFINITY)"
        case .onlyShielded: "kernel threads that were bound to shielded CPUs only"
        case .interrupt: "threads of interrupts that go to the shield; each runs where its interrupt does"
        }
    }
}

/// What a sweep does with one task of the root group.
package enum TaskMobility: Hashable, Sendable {
    /// Has no business on the shield already.
    case clear
    /// Move it to the housekeeping group.
    case move
    /// Take the shielded CPUs out of its affinity.
    case narrow(to: CPUSet)
    case stays(UnmovableReason)

    /// Decides for one task.
    ///
    /// - Parameters:
    ///   - task: The task.
    ///   - sweep: What leaves the shield, and to where.
    ///   - original: What the task had before an earlier shield narrowed it; nil when none did.
    ///   - interrupt: Where the interrupt goes whose thread the task is; nil when it is none.
    package init(_ task: HostTask, sweep: Sweep, original: CPUSet? = nil, interrupt: CPUSet? = nil) {
        let rest = (original ?? task.affinity).subtracting(sweep.shield)
        let touches = !task.affinity.isDisjoint(with: sweep.shield) || (original != nil && rest != task.affinity)
        if task.stat.refusesAffinity {
            guard touches else {
                self = .clear
                return
            }
            self = .stays(task.affinity.count == 1 ? .perCPU : .kernelOnly)
        } else if task.stat.isKernelThread, !sweep.kernelThreads {
            self = .clear
        } else if let interrupt, touches {
            self = interrupt.isDisjoint(with: sweep.shield) ? .narrow(to: interrupt) : .stays(.interrupt)
        } else if task.stat.isKernelThread || task.id == 1 || sweep.destination == nil {
            guard touches else {
                self = .clear
                return
            }
            self = rest.isEmpty ? .stays(.onlyShielded) : .narrow(to: rest)
        } else {
            self = .move
        }
    }
}
