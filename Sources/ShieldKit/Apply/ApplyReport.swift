// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What carrying out a plan came to, beyond what the plan says.
package struct ApplyReport: Hashable, Sendable {
    package var swept = SweepReport()
    package var tuned = TuningReport()
    /// Units that systemd does not keep off the shield although it has read that it should; their tasks are off by affinity.
    package var late: [LateUnit] = []
    /// The CPUs that irqbalance was told to leave alone; nil when it was not told anything.
    package var banned: CPUSet?
    /// Whether irqbalance runs and did not take the banned CPUs.
    package var isIrqbalanceUnavailable = false
    /// The CPUs that were taken offline and online again.
    package var cycled: CPUSet = []
    /// The CPUs that the kernel does not take offline.
    package var notCycled: CPUSet = []

    package init() {}

    package var changedNothing: Bool { swept.changedNothing && tuned.changedNothing && banned == nil && cycled.isEmpty }
}
