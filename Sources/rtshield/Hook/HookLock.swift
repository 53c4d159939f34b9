// SPDX-License-Identifier: Apache-2.0

import Grants
import MachineKit
import Reports
import ShieldKit

/// The machine while a hook has it for itself.
struct HookLock: ~Copyable {
    let machine: DirectoryMachine
    let summary: HostSummary
    private let lock: StateLock

    private init(machine: DirectoryMachine, summary: HostSummary, lock: consuming StateLock) {
        self.machine = machine
        self.summary = summary
        self.lock = lock
    }

    /// Waits for the machine's lock; the deadline of the hook ends that.
    ///
    /// - Parameters:
    ///   - machine: The machine.
    ///   - isNeeded: Whether the container relies on a grant, so that it cannot start
    ///     without the machine.
    /// - Returns: The machine, for as long as the value lives.
    /// - Throws: `HookFailure` when the machine cannot be changed.
    static func enter(_ machine: DirectoryMachine, isNeeded: Bool) throws(HookFailure) -> HookLock {
        do {
            let lock = try machine.lock {}
            return HookLock(machine: machine, summary: try HostSummary(at: machine), lock: lock)
        } catch {
            throw HookFailure("\(error)", isFatal: isNeeded)
        }
    }
}
