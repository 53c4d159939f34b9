// SPDX-License-Identifier: Apache-2.0

import MachineKit

extension HostSettings {
    /// A file for the directory that `kubelet --config-dir` names.
    var kubeletFragment: String {
        """
        # \(headline)
        # Save it as a file *.conf in the directory of kubelet --config-dir (beta in Kubernetes 1.30), or add the keys to kubelet's
        # own file. A new policy or new CPUs: drain the node, stop kubelet, remove /var/lib/kubelet/cpu_manager_state, start it.
        apiVersion: kubelet.config.k8s.io/v1beta1
        kind: KubeletConfiguration
        \(kubeletKeys(indentation: ""))
        """
    }

    /// A resource for OpenShift's machine config operator, which writes kubelet's file itself.
    var kubeletResource: String {
        """
        # \(headline)
        # Then: oc apply -f FILE, which boots the machines of the pool \(Self.role) anew, one after the other.
        # A PerformanceProfile of the node tuning operator owns these keys where there is one: name the CPUs there instead.
        apiVersion: machineconfiguration.openshift.io/v1
        kind: KubeletConfig
        metadata:
          name: rtshield
        spec:
          machineConfigPoolSelector:
            matchLabels:
              machineconfiguration.openshift.io/role: \(Self.role)
          kubeletConfig:
        \(kubeletKeys(indentation: "    "))
        """
    }

    private func kubeletKeys(indentation: String) -> String {
        var lines = kubelet.keys.map { "\($0.key): \"\($0.value)\"" }
        if kubelet.hasFullCoresOnly { lines += ["cpuManagerPolicyOptions:", "  full-pcpus-only: \"true\""] }
        return lines.map { indentation + $0 + "\n" }.joined()
    }
}
