// SPDX-License-Identifier: Apache-2.0

import MachineKit

extension HostSettings {
    /// A script that writes what tuned reads: the parent's variables, where it has a file for them, and the profile.
    var tunedScript: String {
        let variables = tuned.variablesFile.map { file in
            "cat >\(file) <<'END'\n\(lines(tuned.variables).map { $0 + "\n" }.joined())END\n"
        }
        return """
            # \(headline)
            # For root's shell: it writes the files below, and activates nothing.
            set -e
            \(variables ?? "")profiles=/etc/tuned
            # From 2.23 tuned keeps profiles in a directory of their own.
            [ ! -d /etc/tuned/profiles ] || profiles=/etc/tuned/profiles
            mkdir -p "$profiles/\(TunedSettings.name)"
            cat >"$profiles/\(TunedSettings.name)/tuned.conf" <<'END'
            \(profileText)END
            # Then: tuned-adm profile \(TunedSettings.name), and boot anew.

            """
    }

    /// A resource for OpenShift's node tuning operator, whose tuned has no files of the host's.
    var tunedResource: String {
        """
        # \(headline)
        # Then: oc apply -f FILE, which boots the machines of the pool \(Self.role) anew, one after the other.
        # It gives the kernel arguments, too: no MachineConfig is needed for them. A PerformanceProfile of the node tuning operator
        # makes a profile of its own: name the CPUs there instead where there is one.
        apiVersion: tuned.openshift.io/v1
        kind: Tuned
        metadata:
          name: \(TunedSettings.name)
          namespace: openshift-cluster-node-tuning-operator
        spec:
          profile:
            - name: \(TunedSettings.name)
              data: |
        \(profileText.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(indented).joined(separator: "\n"))
          recommend:
            - machineConfigLabels:
                machineconfiguration.openshift.io/role: \(Self.role)
              priority: 20
              profile: \(TunedSettings.name)

        """
    }

    /// The file `tuned.conf`.
    private var profileText: String {
        tuned.sections.map { section in
            "[\(section.name)]\n" + lines(section.options).map { $0 + "\n" }.joined()
        }.joined(separator: "\n")
    }

    private func lines(_ options: [TunedSettings.Option]) -> [String] { options.map { "\($0.name)=\($0.value)" } }

    private func indented(_ line: Substring) -> String { line.isEmpty ? "" : "          " + line }
}
