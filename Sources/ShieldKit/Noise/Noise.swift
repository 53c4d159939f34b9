// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What disturbs the CPUs of a machine, as the kernel holds it: the knobs of some attributes, read once.
package struct Noise: Hashable, Sendable {
    package var knobs: [Knob] = []
    /// The names of interrupts by their number; only read where a rule needs them.
    package var names: [Int: [String]] = [:]
    /// The irqbalance that runs; nil when none does, or nobody asked.
    package var irqbalance: Irqbalance?
    /// The CPUs that are isolated now, which unbound work is kept off by the kernel.
    package var isolated: CPUSet = []

    package init() {}

    /// Reads the knobs of some attributes; those that a kernel or a machine does not have are left out.
    ///
    /// - Parameters:
    ///   - machine: The machine, live or recorded.
    ///   - attributes: What to look at.
    ///   - topology: Its CPUs, some of which have knobs of their own.
    ///   - named: Whether to read the names of interrupts.
    package init(of machine: any Machine, attributes: Set<NoiseSource>, topology: Topology, named: Bool) {
        for attribute in attributes.sorted() {
            knobs += KnobDiscovery(machine: machine, topology: topology).knobs(of: attribute)
        }
        if named {
            for irq in knobs.compactMap(\.irq) { names[irq] = machine.names(ofIRQ: irq) }
        }
        if attributes.contains(.workqueues) { isolated = machine.isolatedCPUs }
        if attributes.contains(.irqbalance) { irqbalance = Irqbalance(on: machine) }
    }
}
