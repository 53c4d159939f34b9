// SPDX-License-Identifier: Apache-2.0

package import MachineKit
package import ShieldKit

/// What one attribute is on this machine now, CPU by CPU.
package struct NoiseReport: Hashable, Sendable, Encodable {
    /// A value, and the CPUs that have it or that it names.
    package struct Value: Hashable, Sendable, Encodable {
        /// Empty where the value is nothing but its CPUs.
        package var value: String
        /// The CPUs that it is about; nil for a value of the whole machine.
        package var cpus: CPUSet?
    }

    package var attribute: NoiseSource
    /// Whether the shield has it.
    package var isWanted: Bool
    /// What the kernel holds; none where the machine or the kernel has no such thing.
    package var values: [Value]

    /// Reads what every attribute is now.
    static func all(of machine: any Machine, _ shield: Shield, topology: Topology) -> [NoiseReport] {
        // Interrupts and kernel threads are told of one by one; the latency is only held while somebody asks for it.
        let told = Set(NoiseSource.allCases).subtracting([.irqs, .kernelThreads, .dmaLatency])
        let noise = Noise(of: machine, attributes: told, topology: topology, named: false)
        let knobs = Dictionary(grouping: noise.knobs, by: \.attribute)
        return told.sorted().map { attribute in
            let values =
                switch attribute {
                case .irqbalance: values(of: noise.irqbalance)
                case .workqueues: values(ofWorkQueues: knobs[attribute] ?? [])
                default: values(of: knobs[attribute] ?? [])
                }
            return NoiseReport(
                attribute: attribute, isWanted: shield.attributes.contains(attribute), values: values)
        }
    }

    private static func values(of irqbalance: Irqbalance?) -> [Value] {
        irqbalance.map { [Value(value: "banned", cpus: $0.banned)] } ?? []
    }

    /// A work queue runs on the CPUs of its own mask that the mask of all unbound work has too (`wqattrs_actualize_cpumask`).
    private static func values(ofWorkQueues knobs: [Knob]) -> [Value] {
        guard let every = knobs.first(where: { $0.file == .unboundWork })?.cpus else { return values(of: knobs) }
        return [Value(value: "", cpus: every)]
    }

    /// CPUs with the same value go together; of files that name CPUs, those that any of them names count.
    private static func values(of knobs: [Knob]) -> [Value] {
        let named = knobs.compactMap(\.cpus)
        if !named.isEmpty { return [Value(value: "", cpus: named.reduce(into: CPUSet()) { $0.formUnion($1) })] }
        var cpus: [String: CPUSet] = [:]
        for knob in knobs where knob.cpu != nil { cpus[knob.value.description, default: []].insert(knob.cpu ?? 0) }
        if cpus.isEmpty { return knobs.first.map { [Value(value: $0.value.description, cpus: nil)] } ?? [] }
        return cpus.sorted { ($0.value.first ?? 0) < ($1.value.first ?? 0) }
            .map { Value(value: $0.key, cpus: $0.value) }
    }
}
