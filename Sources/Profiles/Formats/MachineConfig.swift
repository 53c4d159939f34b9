// SPDX-License-Identifier: Apache-2.0

extension HostSettings {
    /// A resource for OpenShift's machine config operator.
    var machineConfig: String {
        """
        # \(headline)
        # Then: oc apply -f FILE, which boots the machines of the pool \(Self.role) anew, one after the other.
        # A PerformanceProfile of the node tuning operator owns these arguments where there is one: name the CPUs there instead.
        apiVersion: machineconfiguration.openshift.io/v1
        kind: MachineConfig
        metadata:
          name: 99-\(Self.role)-rtshield
          labels:
            machineconfiguration.openshift.io/role: \(Self.role)
        spec:
          kernelArguments:
        \(kernelArguments.map { "    - \"\($0.text)\"" }.joined(separator: "\n"))

        """
    }
}
