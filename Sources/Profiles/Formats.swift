// SPDX-License-Identifier: Apache-2.0

import MachineKit
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

extension [KernelArgument] {
    /// The arguments as one line.
    package var commandLine: String { map(\.text).joined(separator: " ") }
}

extension HostSettings {
    /// A file for `/etc/default/grub.d`, which the shell of grub-mkconfig reads after `/etc/default/grub`.
    ///
    /// grub-mkconfig writes the value into a script of GRUB's unquoted. What arguments are made of means nothing in either.
    var grubSnippet: String {
        """
        # \(headline)
        # Debian, Ubuntu: save it as /etc/default/grub.d/60-rtshield.cfg, run update-grub, and boot anew.
        # SUSE: append it to /etc/default/grub, run grub2-mkconfig -o /boot/grub2/grub.cfg, and boot anew.
        # Fedora, RHEL: grubby --update-kernel=ALL --args="\(kernelArguments.commandLine)"
        GRUB_CMDLINE_LINUX_DEFAULT="${GRUB_CMDLINE_LINUX_DEFAULT:+$GRUB_CMDLINE_LINUX_DEFAULT }\(kernelArguments.commandLine)"

        """
    }

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
