// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// One value in one pseudo-file that decides what disturbs CPUs, as the kernel holds it.
package struct Knob: Hashable, Sendable {
    /// The attribute that sets it.
    package var attribute: NoiseSource
    package var file: KernelFile
    /// What the file holds; of files that list choices, as `[always] madvise never`, the one that is chosen.
    package var value: String
    /// What was asked for, where the kernel makes less of it by itself.
    package var asked: String
    /// The CPU that the value is about; nil for a value that names CPUs itself, or is about all of them.
    package var cpu: Int?
    /// The number of the interrupt that the value is about.
    package var irq: Int?

    package init(_ attribute: NoiseSource, _ file: KernelFile, value: String, cpu: Int? = nil, irq: Int? = nil) {
        self.attribute = attribute
        self.file = file
        self.value = value
        asked = value
        self.cpu = cpu
        self.irq = irq
    }

    /// The CPUs that the value names; nil for a value that names none.
    package var cpus: CPUSet? { file.form.cpus(in: value) }
}
