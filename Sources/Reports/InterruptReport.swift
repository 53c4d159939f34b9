// SPDX-License-Identifier: Apache-2.0

package import MachineKit
import ShieldKit

/// Interrupts that go to the shield for one reason.
package struct InterruptReport: Hashable, Sendable, Encodable {
    package struct Entry: Hashable, Sendable, Encodable {
        package var irq: Int
        package var names: [String]
        package var cpus: CPUSet
    }

    /// The reason in a word: `chosen`, `managed`, `per-CPU`, `refused (EBUSY)`, `pending` or `movable`.
    package var reason: String
    package var explanation: String
    package var interrupts: [Entry]

    /// Groups what a census found by its reasons, those of most interrupts first.
    static func all(in census: InterruptSummary) -> [InterruptReport] {
        Dictionary(grouping: census.onShield, by: \.verdict).map { verdict, found in
            InterruptReport(
                reason: verdict.name, explanation: verdict.explanation,
                interrupts: found.map { Entry(irq: $0.interrupt.number, names: $0.names, cpus: $0.interrupt.goesTo) })
        }
        .sorted { ($1.interrupts.count, $0.reason) < ($0.interrupts.count, $1.reason) }
    }

    /// The first names in one line, such as `24 (nvme0q3), 25 (nvme0q4) and 4 more`.
    package func summary(limit: Int = 5) -> String {
        let shown = interrupts.prefix(limit).map { "\($0.irq) (\($0.names.joined(separator: ",")))" }
        let rest = interrupts.count - shown.count
        return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }
}
