// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit

/// Writes values each of which may be refused without harm to the others, and puts them back.
struct Tuner {
    let machine: any Machine
    let host: Host

    private var applier: FileApplier { FileApplier(machine: machine, host: host) }

    /// Performs the writes in their order.
    ///
    /// What went away meanwhile, as an interrupt whose device was removed, is neither changed nor refused.
    ///
    /// - Returns: What the kernel took, and what it did not.
    func perform(_ tuning: Tuning) -> (taken: [Write], refused: [RefusedWrite]) {
        var (taken, refused): ([Write], [RefusedWrite]) = ([], [])
        for write in tuning.writes {
            switch applier.apply(write) {
            case .taken: taken.append(write)
            case .gone: continue
            case .changed: refused.append(RefusedWrite(write.file, value: write.new, errno: nil))
            case .refused(let error):
                refused.append(RefusedWrite(write.file, value: write.new, errno: error.errno))
            }
        }
        return (taken, refused)
    }

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
        let (held, value) = (machine.asked(of: write.file), valueToRestore(write))
        switch applier.undo(write, putting: value) {
        case .taken where value != write.new && held == write.old:
            report.leave(
                path, why: "takes no CPUs that are isolated now; write '\(write.newText)' to it when they are not")
        case .taken, .gone: break
        case .changed(let found): report.leave(path, why: "holds '\(found)' by now, which is not rtshield's")
        case .refused(let error):
            report.leave(path, why: "the kernel does not take '\(write.newText)' back: \(error.errno)")
        }
    }

    /// What is put back: unbound work stays off CPUs that somebody isolates by now, and then they miss it.
    private func valueToRestore(_ write: Write) -> ControlValue {
        guard write.file == .unboundWork else { return write.new }
        return UnboundWork.mask(write.new, without: machine.isolatedCPUs.subtracting(host.boot.isolatedCPUs))
    }
}
