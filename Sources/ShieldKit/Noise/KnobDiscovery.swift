// SPDX-License-Identifier: Apache-2.0

package import MachineKit

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
