// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

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
