// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Linux
package import MachineKit

/// Takes a CPU offline and online again: timers that are armed there move to other CPUs and stay there.
///
/// What goes with the CPU is given back: v1 cpusets lose it for good (and a set of that CPU alone loses its tasks to its parent),
/// and interrupts go elsewhere. Tasks of its groups lose the affinity they chose, whichever CPU it named; whoever chases CPUs
/// keeps ``choices`` meanwhile.
struct CPUHotplug {
    let machine: any Machine
    let host: Host

    /// What tasks chose: a task that can run nowhere else is set free, and before 6.2 every CPU that comes back wipes the choice of
    /// all tasks of its groups.
    var choices: [AffinityRecord] {
        let groups = CgroupTree(reading: host.layout, on: machine)
        return SavedAffinities(of: machine, in: groups, layout: host.layout, usual: [host.online]).records
    }

    /// What the machine would lose with a CPU; nil when the CPU cannot go offline.
    func loss(of cpu: Int) -> HotplugLoss? {
        let loss = HotplugLoss(cpu, groups: groups(with: cpu), interrupts: interrupts)
        return machine.value(of: loss.switchFile) == "1" ? loss : nil
    }

    /// Takes the CPU offline and online, and gives back what that took.
    ///
    /// - Returns: Whether the kernel let the CPU go: it does not while a deadline would suffer.
    func chase(_ loss: HotplugLoss) -> Bool {
        guard (try? machine.write("0", to: loss.switchFile)) != nil else { return false }
        restore(loss)
        return true
    }

    /// Brings a CPU back, with what the machine lost with it.
    func restore(_ loss: HotplugLoss) {
        // Writing 1 to a CPU that is online does nothing.
        try? machine.write("1", to: loss.switchFile)
        for write in loss.groups + loss.interrupts {
            guard let value = machine.value(of: write.file), value != write.new else { continue }
            // One that the kernel spreads by itself refuses.
            _ = FileApplier(machine: machine, host: host).apply(write)
        }
    }

    private func groups(with cpu: Int) -> [Write] {
        guard host.layout.version == .v1 else { return [] }
        return CgroupTree(reading: host.layout, on: machine).all.filter { !$0.path.isRoot }.compactMap { group in
            guard let cpus = group.cpus, cpus.contains(cpu) else { return nil }
            return Write(
                .cpus(of: group.path), old: .cpus(cpus.subtracting([cpu])), new: .cpus(cpus),
                why: "CPU \(cpu) was offline for a moment")
        }
    }

    private var interrupts: [Write] {
        machine.interrupts().map { interrupt in
            Write(
                .irqAffinity(interrupt.number), old: .cpus(host.online), new: .cpus(interrupt.allowed),
                why: "a CPU was offline for a moment")
        }
    }
}

/// What a machine loses when a CPU goes offline, and does not get back by itself when the CPU returns.
package struct HotplugLoss: Hashable, Sendable, Codable {
    package var cpu: Int
    /// What groups lose, each as the write that gives it back; groups above come first.
    package var groups: [Write]
    /// What interrupts go to: those that went to this CPU alone go everywhere afterwards, and drivers such as virtio_net spread
    /// theirs anew over all CPUs.
    package var interrupts: [Write]

    package init(_ cpu: Int, groups: [Write], interrupts: [Write]) {
        self.cpu = cpu
        self.groups = groups
        self.interrupts = interrupts
    }

    /// The switch of the CPU.
    package var switchFile: ControlFile { .cpuOnline(cpu) }
}
