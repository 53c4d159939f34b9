// SPDX-License-Identifier: Apache-2.0

/// Where certain interrupts are to go, instead of leaving the shield: the queue that feeds the real-time program, above all.
package struct IRQRule: Hashable, Sendable, Codable {
    /// The number of an interrupt, or a pattern of names such as `eth0-*` as the shell reads it (fnmatch(3)).
    package var pattern: String
    package var cpus: CPUSet

    package init(_ pattern: String, cpus: CPUSet) {
        self.pattern = pattern
        self.cpus = cpus
    }
}
