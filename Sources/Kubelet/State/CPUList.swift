// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// A set of CPUs together with the text that kubelet wrote for it.
///
/// The text is kept because checksums are made of it: `2-3` and `2,3` are the same CPUs.
package struct CPUList: Hashable, Sendable {
    /// The text, such as `2-5,8`.
    package let text: String
    /// The CPUs of the text.
    package let cpus: CPUSet

    /// Reads a list as kubelet does: an empty one is an empty set, and blanks are wrong.
    ///
    /// The result is nil when the text is no list, or has a CPU above ``CPUSet/highestNumber``.
    package init?(_ text: String) {
        self.text = text
        guard !text.isEmpty else {
            cpus = []
            return
        }
        guard let cpus = try? CPUSet(parsing: text) else { return nil }
        self.cpus = cpus
    }

    /// The list that kubelet writes for a set.
    package init(cpus: CPUSet) {
        text = cpus.description
        self.cpus = cpus
    }
}
