// SPDX-License-Identifier: Apache-2.0

import Linux
import MachineKit

/// Writes values each of which may be refused without harm to the others, and reads back what came of them.
struct Tuner {
    let machine: any Machine

    /// Performs the writes in their order.
    ///
    /// What went away meanwhile, as an interrupt whose device was removed, is neither changed nor refused.
    ///
    /// - Returns: What the kernel did not take.
    func perform(_ tuning: Tuning, into report: inout TuningReport) -> [RefusedWrite] {
        var refused: [RefusedWrite] = []
        for write in tuning.writes {
            do throws(FileError) {
                try machine.write(write.new, to: write.file)
                if write.file.holds(write.new, in: try machine.text(of: machine.location(of: write.file))) {
                    report.taken[tuning.attribute, default: []].append(write)
                } else {
                    refused.append(RefusedWrite(write.file, value: write.new, errno: nil))
                }
            } catch  where error.isAbsence {
                continue
            } catch {
                refused.append(RefusedWrite(write.file, value: write.new, errno: error.errno))
            }
        }
        if !refused.isEmpty { report.refused[tuning.attribute, default: []] += refused }
        return refused
    }
}
