// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let irqAffinity = Rule(
        "irqaffinity", .kernel,
        title: "irqaffinity= leaves the quiet CPUs out",
        why:
            "irqaffinity= is the initial mask of interrupts, before any program runs. The kernel adds the boot CPU to "
            + "it. Without it a shield moves the interrupts afterwards.",
        reference: KernelPage.parameters
    ) { evidence in
        let list = BootClaims.list("irqaffinity", of: evidence)
        guard let quiet = evidence.quiet, !list.isEmpty else { return [] }
        let both = list.intersection(quiet)
        if both.isEmpty { return [.ok("irqaffinity= has none of \(quiet.title)")] }
        return [
            .warning(
                "irqaffinity= sends interrupts to \(both.title)", wanted: "irqaffinity=\(evidence.housekeeping)",
                fix: Remedy.booting(with: "irqaffinity=\(evidence.housekeeping)", on: evidence))
        ]
    }

    static let defaultInterruptMask = Rule(
        "irq-default-mask", .kernel,
        title: "New interrupts start off the quiet CPUs",
        why:
            "A driver that is loaded, or a device that is plugged in, gets its interrupts on the CPUs of this "
            + "mask.",
        reference: KernelPage.interruptAffinity
    ) { evidence in
        let mask = evidence.machine.value(of: .defaultIRQAffinity)?.cpus
        guard let quiet = evidence.quiet, let both = mask?.intersection(quiet) else { return [] }
        if both.isEmpty { return [.ok("new interrupts start off \(quiet.title)")] }
        return [
            evidence.disturbance(
                .irqs, "new interrupts may start on \(both.title)",
                wanted: "\(evidence.housekeeping.mask) in /proc/irq/default_smp_affinity")
        ]
    }

    static let interrupts = Rule(
        "interrupts", .kernel,
        title: "No interrupt that can be moved goes to a quiet CPU",
        why: "Each interrupt stops the program that runs there, and often leaves softirq work behind.",
        reference: KernelPage.interruptAffinity
    ) { evidence in
        guard let quiet = evidence.quiet else { return [] }
        let found = evidence.movableInterrupts(on: quiet)
        guard !found.isEmpty else { return [] }
        let shown = found.prefix(5).map { "\($0.number) (\($0.names.joined(separator: ",")))" }.joined(separator: ", ")
        let rest = found.count > 5 ? " and \(found.count - 5) more" : ""
        return [
            evidence.disturbance(
                .irqs,
                "\(found.count) interrupt\(found.count == 1 ? " goes" : "s go") to \(quiet.title): \(shown)\(rest)",
                wanted: "interrupts on \(evidence.housekeeping)")
        ]
    }

    static let managedInterrupts = Rule(
        "managed-irq", .kernel,
        title: "Managed interrupts stay off the quiet CPUs",
        why:
            "Drivers such as NVMe create a queue for each CPU, and no program may move its interrupt. The interrupt "
            + "fires for requests that the CPU itself submitted; isolcpus=managed_irq,LIST keeps it off if its queue has "
            + "another CPU too.",
        reference: KernelPage.parameters
    ) { evidence in
        guard let quiet = evidence.quiet, !evidence.host.boot.isolcpusFlags.contains("managed_irq"),
            !evidence.files.names(in: "/sys/class/nvme").isEmpty
        else { return [] }
        return [
            .note(
                "there are NVMe disks, whose interrupts also go to \(quiet.title)",
                wanted: "isolcpus=managed_irq,\(quiet) if programs there do disk I/O",
                fix: Remedy.booting(with: "isolcpus=managed_irq,\(quiet)", on: evidence))
        ]
    }
}

extension Evidence {
    /// Requested interrupts that go to some CPUs, and are neither sent there on purpose nor known to stay.
    fileprivate func movableInterrupts(on cpus: CPUSet) -> [(number: Int, names: [String])] {
        if let shield {
            let applied = (try? Journal(of: machine, bootID: host.bootID))?.applied ?? AppliedState()
            return InterruptSummary(of: machine, shield: shield, holding: applied).onShield
                .filter { $0.verdict == .movable }.map { ($0.interrupt.number, $0.names) }
        }
        return machine.interrupts().compactMap { interrupt in
            // Of queues that the kernel manages, each is on one CPU.
            guard !interrupt.goesTo.isDisjoint(with: cpus), !interrupt.allowed.isSubset(of: cpus) else { return nil }
            let names = machine.names(ofIRQ: interrupt.number)
            return names.isEmpty ? nil : (interrupt.number, names)
        }
    }
}

extension Rule {
    static let receivedPackets = Rule(
        "rps", .kernel,
        title: "Received packets are not forwarded to quiet CPUs",
        why: "Receive packet steering (RPS) forwards packets to the CPUs of a mask, by an interrupt to them.",
        reference: KernelPage.packets
    ) { evidence in evidence.queues(.rps, "received packets are forwarded to") }

    static let sentPackets = Rule(
        "xps", .kernel,
        title: "Transmit queues of network devices do not belong to quiet CPUs",
        why:
            "The mask defines which CPUs send through a queue; the interrupt of the queue then signals completion. A "
            + "real-time program that sends is better served by a queue of its own.",
        reference: KernelPage.packets
    ) { evidence in
        // Only where somebody asked for it: by default each CPU has its queue, as it should.
        guard evidence.shield?.attributes.contains(.xps) == true else { return [] }
        return evidence.queues(.xps, "transmit queues belong to")
    }
}

extension Evidence {
    fileprivate func queues(_ attribute: NoiseSource, _ what: String) -> [RuleResult] {
        guard let quiet else { return [] }
        let knobs = Noise(of: machine, attributes: [attribute], topology: host.topology, named: false).knobs
        let both = knobs.compactMap(\.cpus).reduce(into: CPUSet()) { $0.formUnion($1.intersection(quiet)) }
        guard let knob = knobs.first(where: { !($0.cpus ?? []).isDisjoint(with: quiet) }) else { return [] }
        let remark = disturbance(
            attribute, "\(what) \(both.title), as in \(machine.path(of: knob.file))",
            wanted: "masks without \(quiet.title)")
        return [remark]
    }
}
