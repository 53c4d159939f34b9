// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants

@testable import MachineKit

extension ScriptedMachine {
    /// Kernel threads of every kind; 20 to 22 and kthreadd can be moved.
    func addKernelThreads() {
        let bound = ScriptedTask.kernel | ScriptedTask.bound
        add(task: 20, "kswapd0", parent: 2, flags: ScriptedTask.kernel)
        add(task: 21, "chosen", affinity: [2, 6], parent: 2, flags: ScriptedTask.kernel)
        add(task: 22, "elsewhere", affinity: [0, 1], parent: 2, flags: ScriptedTask.kernel)
        add(task: 23, "driver/3", affinity: [3], parent: 2, flags: ScriptedTask.kernel)
        add(task: 24, "migration/2", affinity: [2], parent: 2, flags: bound)
        add(task: 25, "kworker/u16:0", parent: 2, flags: bound)
    }

    /// What the movable kernel threads may use, by their ids.
    var kernelThreads: [Int32: CPUSet] {
        cpusets.tasks.filter { $0.value.flags & ScriptedTask.kernel != 0 && !$0.value.refusesAffinity }
            .mapValues(\.affinity)
    }

    /// Starts the first process of a container whose CPUs kernel threads leave.
    func launchVacant(_ id: String, cpus: CPUSet, process: Int32) throws -> Grant {
        var grant = try launch(id, cpus: cpus, process: process)
        grant.features[.kernelThreads] = .disabled
        return grant
    }
}
