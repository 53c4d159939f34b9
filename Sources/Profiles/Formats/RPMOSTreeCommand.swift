// SPDX-License-Identifier: Apache-2.0

import MachineKit

extension HostSettings {
    /// A command for hosts whose deployments rpm-ostree keeps.
    var rpmOSTreeCommand: String {
        let options = kernelArguments.map { "    --append-if-missing=\($0.text)" }.joined(separator: " \\\n")
        return """
            # \(headline)
            # An argument that is there with another value stays, and the kernel reads both: --delete=NAME=VALUE takes it out.
            rpm-ostree kargs \\
            \(options)
            # Then: systemctl reboot

            """
    }
}
