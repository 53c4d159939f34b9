// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

/// A kind of host, which decides what its settings are.
package enum Profile: String, CaseIterable, Hashable, Sendable {
    /// Containers of Docker or Podman: boot gives what only boot can give, rtshield does the rest at run time.
    case plain
    /// A worker of OpenShift, as its node tuning operator sets up one with the hint for real time.
    case openshift
    /// A host of oVirt, whose virtual CPUs are pinned one to one.
    case ovirt
    /// A compute host of OpenStack Nova with real-time instances.
    case openstack

    /// What it is a profile of, for people.
    package var title: String {
        switch self {
        case .plain: "a host with Docker or Podman"
        case .openshift: "an OpenShift worker"
        case .ovirt: "an oVirt host"
        case .openstack: "an OpenStack compute host"
        }
    }
}

extension Profile {
    /// The kernel arguments of such a host in the order in which they are given, those for one vendor's CPUs included.
    func kernelArguments(isolated: CPUSet, housekeeping: CPUSet) -> [KernelArgument] {
        switch self {
        case .plain:
            // What the kernel's own example of full isolation has; that one adds nosmt, which is a choice of cores here.
            [
                .nohzFull(isolated), .rcuNocbs(isolated), .managedInterrupts(isolated), .irqaffinity(housekeeping),
                .skewTick,
            ]
        case .openshift:
            [
                .skewTick, .tscReliable, .nohz, .rcuNocbs(isolated), .systemdAffinity(housekeeping), .intelIOMMU,
                .iommuPassThrough, .managedInterrupts(isolated), .nohzFull(isolated), .nosoftlockup, .nmiWatchdog,
                .machineChecksOff, .rcuPriority,
            ]
        case .ovirt:
            [
                .skewTick, .tscReliable, .isolatedDomain(isolated), .intelPstateOff, .amdPstateOff, .nosoftlockup,
                .nohzFull(isolated),
            ]
        case .openstack:
            [
                .skewTick, .tscReliable, .isolatedDomain(isolated), .intelPstateOff, .amdPstateOff, .nosoftlockup,
                .nohz,
                .nohzFull(isolated), .rcuNocbs(isolated), .irqaffinity(housekeeping),
            ]
        }
    }
}
