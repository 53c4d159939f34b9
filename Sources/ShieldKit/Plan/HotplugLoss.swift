// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What a machine loses when a CPU goes offline, and does not get back by itself when the CPU returns.
package struct HotplugLoss: Hashable, Sendable, Codable {
    package var cpu: Int
    /// What groups lose, each as the write that gives it back; groups above come first.
    package var groups: [Write]
    /// What interrupts go to: those that went to this CPU alone go everywhere afterwards, and drivers such as virtio_net spread
    /// theirs anew over all CPUs.
    package var interrupts: [Write]

    package init(_ cpu: Int, groups: [Write], interrupts: [Write]) {
        self.cpu = cpu
        self.groups = groups
        self.interrupts = interrupts
    }

    /// The switch of the CPU.
    package var switchFile: ControlFile { .cpuOnline(cpu) }
}
