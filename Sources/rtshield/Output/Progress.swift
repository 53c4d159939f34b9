// SPDX-License-Identifier: Apache-2.0

import Linux
import ShieldKit

/// Shows on a terminal what is being done, in one line that is overwritten; silent elsewhere.
struct Progress: Sendable {
    private let isShown = Terminal.isTerminal(2)

    /// Shows a step.
    func show(_ step: Step) {
        guard isShown else { return }
        switch step {
        case .units: line("waiting for systemd to narrow its units")
        case .sweep: line("moving tasks off the shield")
        case .rememberAffinities: line("saving the affinity of each task")
        case .tune(let tuning): line("keeping \(tuning.attribute.rawValue) off the shield")
        case .ban: line("configuring irqbalance")
        case .cycleCPUs: line("cycling CPUs to move their timers")
        case .restoreCPU, .write, .makeGroup, .removeGroup, .restoreAffinities: break
        }
    }

    /// Clears the line.
    func end() {
        guard isShown else { return }
        try? StandardError.write("\r\u{1B}[K")
    }

    private func line(_ text: String) {
        try? StandardError.write("\r\u{1B}[K\(text) …")
    }
}
