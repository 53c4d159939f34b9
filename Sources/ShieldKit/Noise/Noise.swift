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

/// One value in one pseudo-file that decides what disturbs CPUs, as the kernel holds it.
package struct Knob: Hashable, Sendable {
    /// The attribute that sets it.
    package var attribute: NoiseSource
    package var file: ControlFile
    /// What the file holds.
    package var value: ControlValue
    /// What was asked for, where the kernel makes less of it by itself.
    package var asked: ControlValue

    package init(_ attribute: NoiseSource, _ file: ControlFile, value: ControlValue) {
        self.attribute = attribute
        self.file = file
        self.value = value
        asked = value
    }

    /// The CPUs that the value names; nil for a value that names none.
    package var cpus: CPUSet? { value.cpus }

    /// The CPU that the value is about; nil for a value that names CPUs itself, or is about all of them.
    package var cpu: Int? { file.kind == .irqAffinity ? nil : number }

    /// The number of the interrupt that the value is about.
    package var irq: Int? { file.kind == .irqAffinity ? number : nil }

    private var number: Int? { if case .number(let number) = file.subject { number } else { nil } }
}

/// Finds and reads the files behind an attribute.
package struct KnobDiscovery {
    let machine: any Machine
    let topology: Topology

    package init(machine: any Machine, topology: Topology) {
        self.machine = machine
        self.topology = topology
    }

    package func knobs(of attribute: NoiseSource) -> [Knob] {
        switch attribute {
        case .irqs: interrupts()
        case .workqueues:
            // Also a mask of its own: writeback of file systems is the longest work that a queue does.
            unboundWork + present(attribute, [ControlFile(.workqueue, .name("writeback"))])
        case .rps: present(attribute, queues("rx-", .receiveQueue) + [ControlFile(.receiveQueues)])
        case .xps: present(attribute, queues("tx-", .transmitQueue))
        case .timerMigration: present(attribute, [ControlFile(.timerMigration)])
        case .vmstat: present(attribute, [ControlFile(.statisticsInterval)])
        case .watchdog: present(attribute, [ControlFile(.watchdogCPUs)])
        case .nmiWatchdog: present(attribute, [ControlFile(.nmiWatchdog)])
        case .numaBalancing: present(attribute, [ControlFile(.numaBalancing)])
        case .realtimeThrottling: present(attribute, [ControlFile(.realtimeRuntime)])
        case .machineCheck: present(attribute, [ControlFile(.machineCheckInterval)])
        case .resumeLatency: present(attribute, topology.online.map { .resumeLatency($0) })
        case .governor: present(attribute, topology.online.map { .governor($0) })
        case .hugePages: present(attribute, [ControlFile(.hugePages)])
        case .ksm: present(attribute, [ControlFile(.samePageMerging)])
        case .irqbalance, .kernelThreads, .dmaLatency: []
        }
    }

    /// The mask of new interrupts comes first, so that those that appear meanwhile begin where they belong.
    private func interrupts() -> [Knob] {
        present(.irqs, [.defaultIRQAffinity] + machine.interruptNumbers().map { .irqAffinity($0) })
    }

    private var unboundWork: [Knob] {
        present(.workqueues, [.unboundWork]).map { knob in
            var knob = knob
            knob.asked = UnboundWork.asked(on: machine) ?? knob.value
            return knob
        }
    }

    /// A file of each queue of each network device.
    private func queues(_ prefix: String, _ kind: ControlFile.Kind) -> [ControlFile] {
        let devices = KernelFile(.sys, "class/net")
        return entries(devices).flatMap { device in
            entries(devices.appending(device).appending("queues")).filter { $0.hasPrefix(prefix) }
                .map { ControlFile(kind, .name("\(device)/queues/\($0)")) }
        }
    }

    private func entries(_ directory: KernelFile) -> [String] {
        ((try? machine.entries(of: directory, directoriesOnly: false)) ?? []).sorted()
    }

    /// The files that this machine has, with what they hold.
    private func present(_ attribute: NoiseSource, _ files: [ControlFile]) -> [Knob] {
        files.compactMap { file in machine.value(of: file).map { Knob(attribute, file, value: $0) } }
    }
}
