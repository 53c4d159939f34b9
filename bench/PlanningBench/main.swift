// SPDX-License-Identifier: Apache-2.0

// What planning costs on hosts of many sizes: the plan itself, and the verdict on each task. The host is in memory, so that
// no kernel is measured. One line a host: CPUs, groups, tasks, milliseconds.

import CgroupKit
import Linux
import MachineKit
import ShieldKit

/// Plans a shield on the upper half of the CPUs, and judges every task of the root group.
func planning(cpus: Int, groups: Int, tasks: Int) throws -> Duration {
    let machine = SyntheticMachine(cpus: cpus, groups: groups, tasks: tasks)
    let shielding = try ShieldOperations(machine)
    var steps = 0
    var judged = 0
    let elapsed = try ContinuousClock().measure {
        let plan = try shielding.plan(ShieldRequest(cpus: CPUSet((cpus / 2)...(cpus - 1)), placement: .open))
        steps = plan.steps.count
        for case .sweep(let sweep) in plan.steps {
            for task in machine.taskIDs(in: .root, layout: shielding.host.layout) {
                if let task = HostTask(reading: task, on: machine), TaskMobility(task, sweep: sweep) != .clear {
                    judged += 1
                }
            }
        }
    }
    // A container that asked for nothing is narrowed, and nothing synthetic is off the shield.
    precondition(steps > groups && judged == tasks - groups, "not everything was planned for")
    return elapsed
}

let sizes = [
    (64, 100, 12_500), (256, 100, 12_500), (1024, 100, 12_500), (1024, 200, 25_000), (1024, 400, 50_000),
    (1024, 800, 100_000),
]
for (cpus, groups, tasks) in sizes {
    let times = try (0..<3).map { _ in try planning(cpus: cpus, groups: groups, tasks: tasks) }
    let milliseconds = times.sorted()[1] / .milliseconds(1)
    try StandardOutput.write("\(cpus) \(groups) \(tasks) \(Int(milliseconds.rounded()))\n")
}
