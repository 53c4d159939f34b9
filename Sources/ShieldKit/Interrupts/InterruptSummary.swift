// SPDX-License-Identifier: Apache-2.0

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
