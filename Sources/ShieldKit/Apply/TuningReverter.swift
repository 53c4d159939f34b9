// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

/// Puts values back that the kernel may refuse: then that is a fact, and nothing remains to be done.
struct TuningReverter {
    let machine: any Machine
    let host: Host

    /// Reverts the writes that an inverse holds.
    ///
    /// What holds something else by now is somebody else's, stays as it is, and is named.
    func revert(_ inverse: Tuning, _ report: inout UndoReport) {
        for write in inverse.writes { revert(write, &report) }
    }

    /// Widens interrupts that were born under the shield, and have been nowhere else since.
    ///
    /// - Parameter steps: All inverses. An interrupt that they name was there before, and is back where it was.
    func widenInherited(_ steps: [Step]) {
        let applied = AppliedState(steps.map { Journal.Entry(undo: $0) })
        guard let mask = DefaultMask(in: applied, topology: host.topology) else { return }
        for interrupt in machine.interrupts() {
            let file = ControlFile.irqAffinity(interrupt.number)
            guard applied.values[file] == nil, let cpus = mask.withoutShield(interrupt.allowed) else { continue }
            // One that the kernel keeps where it is refuses.
            try? machine.write(.cpus(cpus), to: file)
        }
    }

    private func revert(_ write: Write, _ report: inout UndoReport) {
        let path = machine.path(of: write.file)
        guard let held = machine.asked(of: write.file), held != write.new else { return }
        guard held == write.old else {
            report.leave(path, why: "holds '\(write.file.text(held))' by now, which is not rtshield's")
            return
        }
        do throws(FileError) {
            try machine.write(value(of: write, &report), to: write.file)
        } catch  where error.isAbsence {
            return
        } catch {
            report.leave(path, why: "the kernel does not take '\(write.newText)' back: \(error.errno)")
        }
    }

    /// What to write: unbound work stays off CPUs that somebody isolates by now, and then they miss it.
    private func value(of write: Write, _ report: inout UndoReport) -> ControlValue {
        guard write.file == .unboundWork else { return write.new }
        let isolated = machine.isolatedCPUs.subtracting(host.boot.isolatedCPUs)
        let value = UnboundWork.mask(write.new, without: isolated)
        if value != write.new {
            report.leave(
                machine.path(of: write.file),
                why: "takes no CPUs that are isolated now; write '\(write.newText)' to it when they are not")
        }
        return value
    }
}
