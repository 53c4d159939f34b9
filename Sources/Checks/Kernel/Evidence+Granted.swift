// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

extension Evidence {
    private static let cpuFiles = "devices/system/cpu/"

    /// The CPUs that the kernel itself says it isolated at boot; nil where it does not say.
    var grantedIsolated: CPUSet? { value(.sys, Self.cpuFiles + "isolated").flatMap { CPUSet(kernelList: $0) } }

    /// The CPUs whose tick the kernel itself says it stops; nil where it does not say.
    ///
    /// A kernel without `CONFIG_NO_HZ_FULL` has no such file, and stops none.
    var grantedTickless: CPUSet? {
        if let text = value(.sys, Self.cpuFiles + "nohz_full") { return CPUSet(kernelList: text) }
        return grantedIsolated == nil ? nil : []
    }

    /// The CPUs outside scheduling domains since boot, and not by a partition that came later.
    var bootIsolated: CPUSet {
        let asked = host.boot.isolatedCPUs
        return grantedIsolated?.intersection(asked) ?? asked
    }

    /// The CPUs whose tick stops while they run one task.
    var tickless: CPUSet { grantedTickless ?? host.boot.nohzFull }

    /// The CPUs whose RCU callbacks run elsewhere: those of `rcu_nocbs=`, and all without a tick.
    ///
    /// A list that is none stands for every CPU, and the bare option for no CPU. The C name is `rcu_nocb_setup`.
    var offloaded: CPUSet {
        guard let list = bootOption("rcu_nocbs") else { return tickless }
        let possible = host.topology.possible
        let asked = list.isEmpty ? [] : CPUSet(bootList: list, possible: possible) ?? possible
        return asked.union(tickless)
    }
}
