// SPDX-License-Identifier: Apache-2.0

import Reports
import ShieldKit

/// Who reads the settings.
package enum Format: String, CaseIterable, Hashable, Sendable {
    /// A person, or a boot loader that rtshield does not know.
    case commandLine = "cmdline"
    case grub
    case rpmOSTree = "rpm-ostree"
    /// OpenShift's machine config operator.
    case machineConfig = "machineconfig"
    case tuned
    case kubelet
}

extension HostSettings {
    /// The settings as one reader wants them; the text ends in a line end.
    package func text(as format: Format) -> String {
        switch format {
        case .commandLine: kernelArguments.commandLine + "\n"
        case .grub: grubSnippet
        case .rpmOSTree: rpmOSTreeCommand
        case .machineConfig: machineConfig
        case .tuned: profile == .openshift ? tunedResource : tunedScript
        case .kubelet: profile == .openshift ? kubeletResource : kubeletFragment
        }
    }

    /// What the settings are for, as the first line of a file says it.
    var headline: String { "rtshield kargs: CPUs \(isolated) for real-time work on \(profile.title)" }

    /// The role of the machines that resources of OpenShift are for.
    static let role = "worker-rt"
}
