// SPDX-License-Identifier: Apache-2.0

package import MachineKit
import ShieldKit

/// What systemd and irqbalance have to hold, so that they do not contradict the rest.
package struct ServiceSettings: Hashable, Sendable {
    /// `CPUAffinity=` of systemd itself; nil where it is best not set.
    package var systemdAffinity: CPUSet?
    /// The CPUs that irqbalance leaves out.
    package var irqbalanceBans: CPUSet
    private var profile: Profile

    init(profile: Profile, isolated: CPUSet, housekeeping: CPUSet) {
        self.profile = profile
        systemdAffinity = profile == .openshift ? housekeeping : nil
        irqbalanceBans = profile == .openshift ? [] : isolated
    }

    /// Each setting explained.
    package var explained: [ExplainedSetting] {
        [
            ExplainedSetting(
                name: "CPUAffinity (systemd, system.conf)", value: systemdAffinity?.description,
                does: "has PID 1, and what it starts, run on these CPUs", why: systemdReason, link: Link.systemd),
            ExplainedSetting(
                name: "IRQBALANCE_BANNED_CPULIST (irqbalance)", value: irqbalanceBans.description,
                does: "keeps interrupts that irqbalance spreads off these CPUs", why: irqbalanceReason,
                link: Link.irqbalance),
        ]
    }

    private var systemdReason: String {
        switch profile {
        case .plain:
            "leave it unset: engines hand it on to containers, and from 6.2 it stays in force on the CPUs that they ask for, "
                + "before runc 1.2.7 and crun 1.9.2; 'rtshield create' narrows the units instead (AllowedCPUs=)"
        case .openshift: "given on the command line as systemd.cpu_affinity="
        case .ovirt, .openstack:
            "leave it unset: isolcpus= with the flag domain keeps PID 1, and what it starts, off already"
        }
    }

    private var irqbalanceReason: String {
        switch profile {
        case .openshift:
            "CRI-O bans the CPUs of pods that ask for it, one by one; unset would ban all that nohz_full= holds"
        case .plain, .ovirt, .openstack:
            "unset does the same, as irqbalance leaves out what nohz_full= holds; rtshield tells it at run time, too (irqbalance)"
        }
    }
}

/// A setting of something else than the kernel's command line, explained.
package struct ExplainedSetting: Hashable, Sendable {
    /// What its owner calls it.
    package var name: String
    /// What it is to be; nil where it is best left alone.
    package var value: String?
    /// What it does.
    package var does: String
    /// Why it is to be that, and who does it otherwise.
    package var why: String
    /// The documentation that this rests on.
    package var link: String
}
