// SPDX-License-Identifier: Apache-2.0

package import Linux
package import MachineKit

/// Where the interrupts of a machine go, and why some go to the shield.
package struct InterruptSummary {
    /// How many interrupts go to each CPU.
    package private(set) var perCPU: [Int: Int] = [:]
    /// Those that go to the shield, with the reason.
    package private(set) var onShield: [(interrupt: Interrupt, names: [String], verdict: InterruptMobility)] = []

    /// The rules that some interrupt matches.
    private var obeyed: Set<IRQRule> = []

    /// Counts the interrupts of a machine without a shield.
    package init(of machine: any Machine) {
        for interrupt in machine.interrupts() { count(interrupt) }
    }

    /// Counts the interrupts of a shielded machine.
    package init(of machine: any Machine, shield: Shield, holding applied: AppliedState) {
        for interrupt in machine.interrupts() {
            count(interrupt)
            if shield.irqRules.isEmpty, interrupt.goesTo.isDisjoint(with: shield.cpus) { continue }
            let names = machine.names(ofIRQ: interrupt.number)
            // Nobody requested it, so it never fires.
            if names.isEmpty { continue }
            let rule = shield.rule(for: interrupt.number, names)
            if let rule { obeyed.insert(rule) }
            guard rule != nil || !interrupt.goesTo.isDisjoint(with: shield.cpus) else { continue }
            let verdict = InterruptMobility(
                interrupt, rule: rule, shield: shield.cpus, refused: applied.refused[.irqAffinity(interrupt.number)],
                chip: machine.textIfPresent(of: KernelFile(.sys, "kernel/irq/\(interrupt.number)/chip_name")) ?? "")
            onShield.append((interrupt, names, verdict))
        }
    }

    /// Rules that no interrupt matches, perhaps because its device is not there yet.
    package func idleRules(of shield: Shield) -> [IRQRule] { shield.irqRules.filter { !obeyed.contains($0) } }

    private mutating func count(_ interrupt: Interrupt) {
        for cpu in interrupt.goesTo { perCPU[cpu, default: 0] += 1 }
    }
}

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
