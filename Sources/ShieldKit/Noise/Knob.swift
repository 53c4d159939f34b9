// SPDX-License-Identifier: Apache-2.0

package import MachineKit

/// One value in one pseudo-file that decides what disturbs CPUs, as the kernel holds it.
package struct Knob: Hashable, Sendable {
    /// The attribute that sets it.
    package var attribute: NoiseSource
    package var file: ControlFile
    /// What the file holds.
    package var value: ControlValue
    /// What was asked for, where the kernel makes less of it by itself.
    package var asked: ControlValue

    package init(_ attribute: NoiseSource, _ file: ControlFile, value: ControlValue) {
        self.attribute = attribute
        self.file = file
        self.value = value
        asked = value
    }

    /// The CPUs that the value names; nil for a value that names none.
    package var cpus: CPUSet? { value.cpus }

    /// The CPU that the value is about; nil for a value that names CPUs itself, or is about all of them.
    package var cpu: Int? { file.kind == .irqAffinity ? nil : number }

    /// The number of the interrupt that the value is about.
    package var irq: Int? { file.kind == .irqAffinity ? number : nil }

    private var number: Int? { if case .number(let number) = file.subject { number } else { nil } }
}
