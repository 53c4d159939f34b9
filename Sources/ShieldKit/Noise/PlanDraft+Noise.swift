// SPDX-License-Identifier: Apache-2.0

package import CgroupKit
import MachineKit

extension PlanDraft {
    /// Tunes what keeps the shield quiet, before tasks are swept: threads of interrupts follow their interrupts.
    mutating func tuneNoise() {
        let quieting = NoisePolicy(shield: shield, host: host, noise: noise, applied: applied)
        appendBeforeSweep(quieting.tunings.map { .tune($0) })
        // It moves interrupts back within seconds, so it is told first.
        if let ban { prepend(.ban(ban)) }
        // Where systemd owns the groups, its strategy asks for all units at once.
        if host.layout.hasSystemd, host.layout.owner != .systemd { setUnits([:]) }
    }

    /// A sweep to a group, or where everything is; without kernel threads when they are not wanted off.
    package func sweep(to destination: CgroupPath?) -> Sweep {
        Sweep(
            destination: destination, shield: shield.cpus,
            kernelThreads: shield.attributes.contains(.kernelThreads))
    }

    /// What irqbalance is to leave alone, beside what it leaves alone by itself; nil when it does.
    private var ban: IrqbalanceBan? {
        guard let irqbalance = noise.irqbalance, let wanted = wantedBan, wanted != irqbalance.banned else { return nil }
        return IrqbalanceBan(old: irqbalance.banned, new: wanted)
    }

    private var wantedBan: CPUSet? {
        guard shield.attributes.contains(.irqbalance) else { return applied.originallyBanned }
        guard let own = applied.originallyBanned ?? noise.irqbalance?.banned else { return nil }
        return own.union(shield.cpus)
    }

    /// Drop-ins for an irqbalance that systemd starts; once they are there they stay, whether it runs or not.
    var irqbalanceUnits: [String: UnitContent] {
        guard host.layout.hasSystemd, shield.attributes.contains(.irqbalance), let wantedBan else { return [:] }
        return [
            Irqbalance.environmentPath: .irqbalanceEnvironment(wantedBan), Irqbalance.dropInPath: .irqbalanceDropIn,
        ]
    }
}
