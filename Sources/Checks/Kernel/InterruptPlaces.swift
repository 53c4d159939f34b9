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
            "It is the mask that interrupts begin with before any program runs. The kernel adds the boot CPU "
            + "to it. Without it a shield moves them afterwards.",
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
        title: "Interrupts that appear later begin off the quiet CPUs",
        why:
            "A driver that is loaded, or a device that is plugged in, gets its interrupts on the CPUs of this "
            + "mask.",
        reference: KernelPage.interruptAffinity
    ) { evidence in
        let mask = evidence.machine.value(of: .defaultIRQAffinity)?.cpus
        guard let quiet = evidence.quiet, let both = mask?.intersection(quiet) else { return [] }
        if both.isEmpty { return [.ok("new interrupts begin off \(quiet.title)")] }
        return [
            evidence.disturbance(
                .irqs, "new interrupts may begin on \(both.title)",
                wanted: "\(evidence.housekeeping.mask) in /proc/irq/default_smp_affinity")
        ]
    }

    static let interrupts = Rule(
        "interrupts", .kernel,
        title: "No interrupt goes to a quiet CPU that could go elsewhere",
        why: "Each one stops what runs there, and often leaves softirq work behind.",
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
        title: "Queues that the kernel places by itself stay off the quiet CPUs",
        why:
            "Drivers such as NVMe spread a queue over each CPU and nobody may move its interrupt. It fires "
            + "for what the CPU itself submitted; isolcpus=managed_irq,LIST keeps it off where its queue has "
            + "another CPU, too.",
        reference: KernelPage.parameters
    ) { evidence in
        guard let quiet = evidence.quiet, !evidence.host.boot.isolcpusFlags.contains("managed_irq"),
            !evidence.files.names(in: "/sys/class/nvme").isEmpty
        else { return [] }
        return [
            .note(
                "there are NVMe disks, whose interrupts also go to \(quiet.title)",
                wanted: "isolcpus=managed_irq,\(quiet) where programs there do disk input and output",
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
