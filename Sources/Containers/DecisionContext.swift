// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// What the verdict on a container needs to know of its machine.
package struct DecisionContext: Hashable, Sendable {
    /// What kubelet's CPU manager holds; nil when there is none, or its file cannot be read.
    package var kubelet: KubeletCPUs?
    /// The shielded CPUs that containers may have; nil without a shield.
    package var pool: CPUSet?

    /// Tells what is known; by default nothing.
    package init(kubelet: KubeletCPUs? = nil, pool: CPUSet? = nil) {
        self.kubelet = kubelet
        self.pool = pool
    }
}
