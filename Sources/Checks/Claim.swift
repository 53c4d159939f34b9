// SPDX-License-Identifier: Apache-2.0

package import MachineKit
import Reports

/// Which CPUs one program, file or kernel argument keeps for a purpose.
package struct Claim: Hashable, Sendable, Encodable {
    /// Which of the two sides of a machine the CPUs are.
    package enum Side: String, Hashable, Sendable, Encodable {
        /// CPUs that are to be quiet.
        case isolated
        /// CPUs for everything else, or some of them.
        case housekeeping
        /// All CPUs for everything else.
        case reserved
        /// CPUs of neither, or of both.
        case neither
    }

    /// What makes the claim, in a few words: `isolcpus=`, `kubelet reserved`.
    package let name: String
    package let side: Side
    package let cpus: CPUSet
    /// Where it is set: a file and line, a unit, the kernel's command line.
    package let source: String

    init(_ name: String, _ side: Side, _ cpus: CPUSet, source: String) {
        self.name = name
        self.side = side
        self.cpus = cpus
        self.source = source
    }

    /// Every claim that was found on a machine, those about the same side next to each other.
    static func all(in evidence: Evidence) -> [Claim] {
        ShieldClaims.all(in: evidence) + BootClaims.all(in: evidence) + InterruptClaims.all(in: evidence)
            + KubeletClaims.all(in: evidence) + SystemdClaims.all(in: evidence) + ProgramClaims.all(in: evidence)
    }
}

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
