// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// CPUs that irqbalance is to leave alone.
package struct IrqbalanceBan: Hashable, Sendable, Codable {
    /// The CPUs that it leaves alone before.
    package var old: CPUSet
    package var new: CPUSet

    package init(old: CPUSet, new: CPUSet) {
        self.old = old
        self.new = new
    }

    /// All bans of some inverses as one: what was told last, and what was there first; nil when there is none.
    init?(all inverses: [Step]) {
        let bans = inverses.compactMap { if case .ban(let ban) = $0 { ban } else { nil } }
        guard let first = bans.first, let last = bans.last else { return nil }
        self.init(old: last.old, new: first.new)
    }

    package var inverse: IrqbalanceBan { IrqbalanceBan(old: new, new: old) }
}
