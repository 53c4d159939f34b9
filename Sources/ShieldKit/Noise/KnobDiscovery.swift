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
            [
                unboundWork,
                // Also a mask of its own: writeback of file systems is the longest work that a queue does.
                workQueue("writeback/cpumask"),
            ].compactMap(\.self)
        case .rps: queues("rx-", "rps_cpus", .rps) + sysctl("net/core/rps_default_mask", .rps)
        case .xps: queues("tx-", "xps_cpus", .xps)
        case .timerMigration: sysctl("kernel/timer_migration", attribute)
        case .vmstat: sysctl("vm/stat_interval", attribute)
        case .watchdog: sysctl("kernel/watchdog_cpumask", attribute)
        case .nmiWatchdog: sysctl("kernel/nmi_watchdog", attribute)
        case .numaBalancing: sysctl("kernel/numa_balancing", attribute)
        case .realtimeThrottling: sysctl("kernel/sched_rt_runtime_us", attribute)
        case .machineCheck:
            // Writing one CPU's file sets it for all (arch/x86/kernel/cpu/mce).
            present(attribute, KernelFile(.sys, "devices/system/machinecheck/machinecheck0/check_interval"))
        case .resumeLatency: perCPU("power/pm_qos_resume_latency_us", attribute)
        case .governor: perCPU("cpufreq/scaling_governor", attribute)
        case .hugePages: present(attribute, KernelFile(.sys, "kernel/mm/transparent_hugepage/enabled"))
        case .ksm: present(attribute, KernelFile(.sys, "kernel/mm/ksm/run"))
        case .irqbalance, .kernelThreads, .dmaLatency: []
        }
    }

    // MARK: - Interrupts

    private func interrupts() -> [Knob] {
        let masks = machine.interruptNumbers().compactMap { irq in knob(.irqs, Interrupt.file(irq), irq: irq) }
        // First, so that interrupts that appear meanwhile begin where they belong.
        return present(.irqs, DefaultMask.file) + masks
    }

    // MARK: - Places

    private var unboundWork: Knob? {
        guard var knob = knob(.workqueues, UnboundWork.file) else { return nil }
        knob.asked = UnboundWork.asked(on: machine) ?? knob.value
        return knob
    }

    private func workQueue(_ name: String) -> Knob? {
        knob(.workqueues, KernelFile(.sys, "devices/virtual/workqueue/\(name)"))
    }

    private func sysctl(_ name: String, _ attribute: NoiseSource) -> [Knob] {
        present(attribute, KernelFile(.proc, "sys/\(name)"))
    }

    /// A file of each queue of each network device.
    private func queues(_ prefix: String, _ name: String, _ attribute: NoiseSource) -> [Knob] {
        let devices = KernelFile(.sys, "class/net")
        return entries(devices).flatMap { device in
            let queues = devices.appending(device).appending("queues")
            return entries(queues).filter { $0.hasPrefix(prefix) }
                .compactMap { knob(attribute, queues.appending($0).appending(name)) }
        }
    }

    private func perCPU(_ name: String, _ attribute: NoiseSource) -> [Knob] {
        topology.online.compactMap { cpu in
            knob(attribute, KernelFile(.sys, "devices/system/cpu/cpu\(cpu)/\(name)"), cpu: cpu)
        }
    }

    private func entries(_ directory: KernelFile) -> [String] {
        ((try? machine.entries(of: directory, directoriesOnly: false)) ?? []).sorted()
    }

    private func present(_ attribute: NoiseSource, _ file: KernelFile) -> [Knob] {
        knob(attribute, file).map { [$0] } ?? []
    }

    private func knob(_ attribute: NoiseSource, _ file: KernelFile, cpu: Int? = nil, irq: Int? = nil) -> Knob? {
        machine.textIfPresent(of: file).map {
            Knob(attribute, file, value: file.form.value(in: $0), cpu: cpu, irq: irq)
        }
    }
}
