// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Grants

/// The machine while a hook has it for itself.
struct HookSite: ~Copyable {
    let machine: DirectoryMachine
    let glance: HostGlance
    private let lock: StateLock

    private init(machine: DirectoryMachine, glance: HostGlance, lock: consuming StateLock) {
        self.machine = machine
        self.glance = glance
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
    static func enter(_ machine: DirectoryMachine, isNeeded: Bool) throws(HookFailure) -> HookSite {
        do {
            let lock = try machine.lock {}
            return HookSite(machine: machine, glance: try HostGlance(at: machine), lock: lock)
        } catch {
            throw HookFailure("\(error)", isFatal: isNeeded)
        }
    }
}
