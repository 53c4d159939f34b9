// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

/// What `--dry-run` answers: the very plan that would be carried out.
struct PlanReport: Printable {
    var strategy: StrategyChoice
    var shield: Shield
    var steps: [Step]
    var warnings: [String]
    /// What the kernel does by itself for isolated CPUs, so that no step does.
    var leftToKernel: [NoiseSource]
    private let machine: any Machine

    private enum CodingKeys: String, CodingKey { case strategy, shield, steps, warnings, leftToKernel }

    init(_ plan: Plan, shielding: ShieldOperations) {
        strategy = plan.strategy
        shield = plan.shield
        steps = plan.steps
        machine = shielding.machine
        leftToKernel = plan.shield.leftToKernel(on: shielding.host)
        warnings = ShieldWarnings(plan.shield, on: shielding).texts
    }

    var notes: [String] { warnings.map { "warning: \($0)" } }

    func text(_ style: Style) -> String {
        var lines = ["Strategy \(strategy.name): \(strategy.reason)."]
        lines.append("Shield \(shield.cpus), housekeeping \(shield.housekeeping), \(shield.placement.title) placement.")
        if !leftToKernel.isEmpty {
            let names = leftToKernel.map(\.rawValue).joined(separator: ", ")
            lines.append("Left to the kernel, which keeps these off isolated CPUs by itself: \(names).")
        }
        lines.append(steps.isEmpty ? "Nothing would change." : "rtshield would take these steps, in this order:")
        for (number, step) in steps.enumerated() { lines += describe(step, number: number + 1) }
        return lines.map { $0 + "\n" }.joined()
    }

    private func describe(_ step: Step, number: Int) -> [String] {
        switch step {
        case .write(let write):
            ["\(number). \(machine.path(of: write.file)): '\(write.oldText)' -> '\(write.newText)'  (\(write.why))"]
        case .makeGroup(let spec): ["\(number). make \(machine.path(of: spec.path.directory))  (\(spec.why))"]
        case .removeGroup(let spec): ["\(number). remove \(machine.path(of: spec.path.directory))"]
        case .rememberAffinities:
            [
                "\(number). save the affinities that tasks chose: before Linux 6.2 a cpuset change erases them, and a "
                    + "partition erases those of kernel threads"
            ]
        case .restoreAffinities(let record):
            ["\(number). set the affinity of \(record.tasks.count) tasks to \(record.affinity)"]
        case .sweep(let sweep):
            [
                "\(number). take movable kernel threads off \(sweep.shield)"
                    + (sweep.destination.map { ", and move the tasks of the root cgroup to \($0)" } ?? "")
            ]
        case .tune(let tuning):
            ["\(number). \(tuning.attribute.rawValue), as far as the kernel allows:"]
                + tuning.writes.map {
                    "   \(machine.path(of: $0.file)): '\($0.oldText)' -> '\($0.newText)'  (\($0.why))"
                }
        case .ban(let ban):
            ["\(number). tell irqbalance to leave CPUs \(ban.new) alone, instead of '\(ban.old)'"]
        case .cycleCPUs(let cpus): ["\(number). take each of CPUs \(cpus) offline and online again"]
        case .restoreCPU(let loss): ["\(number). bring CPU \(loss.cpu) online, with its cpusets and interrupts"]
        case .units(let change):
            ["\(number). install these unit files, with one daemon-reload:"]
                + change.files.map { file in
                    let path = machine.path(of: KernelFile(.units, file.path))
                    let limits = file.new?.settings?.lines.joined(separator: ", ")
                    return "   \(path): \(file.new == nil ? "removed" : limits ?? "")"
                }
        }
    }
}
