// SPDX-License-Identifier: Apache-2.0

package import MachineKit
import Reports

/// The CPUs that a machine is meant to keep quiet, and who says so.
package struct Intent: Hashable, Sendable, Encodable {
    /// Who says so, the strongest first.
    package enum Source: String, Hashable, Sendable, Encodable, CaseIterable {
        /// The shield that stands.
        case shield
        /// `shield` in rtshield's configuration.
        case configuration
        /// Kubelet gives exclusive CPUs out of all that are not reserved.
        case kubelet
        /// The kernel's command line.
        case commandLine = "command-line"
    }

    package let cpus: CPUSet
    package let source: Source

    init(_ cpus: CPUSet, _ source: Source) {
        self.cpus = cpus
        self.source = source
    }

    /// How a sentence names who says so.
    package var speaker: String {
        switch source {
        case .shield: "the shield"
        case .configuration: "/etc/rtshield/config.yaml"
        case .kubelet: "kubelet's reservation"
        case .commandLine: "the kernel's command line"
        }
    }
}
