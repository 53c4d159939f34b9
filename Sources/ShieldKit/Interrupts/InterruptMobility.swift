// SPDX-License-Identifier: Apache-2.0

package import Linux
import MachineKit

/// Why an interrupt goes to the shield.
package enum InterruptMobility: Hashable, Sendable {
    /// A rule sends it there.
    case chosen
    /// The kernel spreads the queues of this device over all CPUs, and lets nobody change that.
    case managed
    /// It belongs to a CPU, or its chip cannot move it.
    case perCPU
    /// The kernel refused to move it.
    case refused(Errno?)
    /// It was moved, and the hardware follows at the next one.
    case pending
    /// It could leave.
    case movable

    /// Judges an interrupt that goes to the shield.
    ///
    /// - Parameters:
    ///   - interrupt: The interrupt.
    ///   - rule: The rule that may send it there; nil for most.
    ///   - shield: The shielded CPUs.
    ///   - refused: What the kernel said when rtshield tried to move it; nil when it did not refuse.
    ///   - chip: The name of its interrupt controller (`/sys/kernel/irq/N/chip_name`).
    init(_ interrupt: Interrupt, rule: IRQRule?, shield: CPUSet, refused: RefusedWrite?, chip: String) {
        if let rule, interrupt.allowed.isSubset(of: rule.cpus) {
            self = .chosen
        } else if let refused {
            // Only message-signalled interrupts have queues that the kernel manages.
            self = !refused.isFinal ? .refused(refused.errno) : chip.contains("MSI") ? .managed : .perCPU
        } else {
            self = interrupt.allowed.isDisjoint(with: shield) ? .pending : .movable
        }
    }

    package var name: String {
        switch self {
        case .chosen: "chosen"
        case .managed: "managed"
        case .perCPU: "per-CPU"
        case .refused(let errno): errno.map { "refused (\($0.name))" } ?? "refused"
        case .pending: "pending"
        case .movable: "movable"
        }
    }

    package var explanation: String {
        switch self {
        case .chosen: "sent there by a rule of the shield"
        case .managed:
            "queues that the kernel manages: they fire for input and output that their CPU began; "
                + "boot with isolcpus=managed_irq,… to keep them away"
        case .perCPU: "bound to a CPU by their controller"
        case .refused(let errno): "the kernel refused to move them" + (errno.map { ": \($0)" } ?? "")
        case .pending: "moved already; the hardware follows at the next interrupt"
        case .movable: "could leave"
        }
    }
}
