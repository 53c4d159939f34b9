// SPDX-License-Identifier: Apache-2.0

import MachineKit

extension Machine {
    /// Tells which of these units are over, with one question to systemd: their processes were left behind, and it writes nothing
    /// for their groups any more.
    ///
    /// - Returns: None where systemd does not answer, as in a recording.
    package func ended(_ units: [LateUnit]) -> Set<LateUnit> {
        guard !units.isEmpty else { return [] }
        let command = ["systemctl", "show", "--property=Id,ActiveState", "--"] + units.map(\.unit)
        guard let answer = try? run(command), answer.status == 0 else { return [] }
        let ended = answer.output.split(separator: "\n\n").map { $0.split(separator: "\n") }.filter { lines in
            lines.contains("ActiveState=inactive") || lines.contains("ActiveState=failed")
        }
        return Set(units.filter { unit in ended.contains { $0.contains("Id=\(unit.unit)") } })
    }
}
