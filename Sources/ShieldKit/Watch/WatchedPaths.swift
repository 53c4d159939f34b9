// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

/// The directories and files whose changes concern a shield, where the kernel announces changes.
package struct WatchedPaths: Hashable, Sendable {
    package var directories: [String] = []
    package var files: [String] = []

    package init(of shielding: ShieldOperations) {
        let (machine, host) = (shielding.machine, shielding.host)
        // New groups beside the shield (v1 balances load over them), and new containers.
        let parents = host.groups.all.filter { $0.path.isRoot || $0.path.owner.isEngineParent(on: host.layout) }
        directories = parents.map { machine.path(of: $0.path.directory) }
        // A journal that appears or goes, and an irqbalance that is started again.
        directories += [machine.path(of: KernelFile(.state, "")), "/run/irqbalance"]
        let applied = shielding.journal?.applied ?? AppliedState()
        files = applied.values.keys.filter(\.kind.isOfCgroup).map { machine.path(of: $0) }.sorted()
        if host.layout.hasSystemd { directories.append(machine.path(of: KernelFile(.units, ""))) }
    }
}
