// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// The CPUs that new interrupts go to (`/proc/irq/default_smp_affinity`), before a shield and under it.
///
/// An interrupt that is born under a shield begins on its housekeeping CPUs. Without the shield it would have begun on all that the
/// mask held before, of its own NUMA node where it has one (irq_setup_affinity() in `kernel/irq/manage.c`).
struct DefaultMask {
    private var births: [CPUSet: CPUSet] = [:]

    /// - Parameters:
    ///   - held: What the mask holds under the shield.
    ///   - original: What it held before.
    ///   - topology: The CPUs of the machine.
    init(held: CPUSet, original: CPUSet, topology: Topology) {
        for place in topology.nodes.values + [topology.present] {
            let born = held.intersection(topology.online).intersection(place)
            births[born] = original.intersection(topology.online).intersection(place)
        }
        births[[]] = nil
    }

    /// What rtshield knows of the mask; nil while it has not changed it.
    init?(in applied: AppliedState, topology: Topology) {
        guard applied.refused[.defaultIRQAffinity] == nil, let held = applied.values[.defaultIRQAffinity]?.cpus,
            let original = applied.originals[.defaultIRQAffinity]?.cpus
        else { return nil }
        self.init(held: held, original: original, topology: topology)
    }

    /// Where an interrupt would go that was born under the shield and goes to `cpus`; nil when it was moved since.
    func withoutShield(_ cpus: CPUSet) -> CPUSet? { births[cpus] }
}
