// SPDX-License-Identifier: Apache-2.0

import Kubelet
import MachineKit
import Profiles

/// The lines that mend what rules of kubelet find.
enum KubeletRemedy {
    /// Has kubelet start afresh, without a state file that no pod's CPUs depend on any more.
    static func renewing(_ file: String) -> String {
        "kubectl drain NODE --ignore-daemonsets; systemctl stop kubelet; rm \(file); systemctl start kubelet; "
            + "kubectl uncordon NODE"
    }
}

extension KubeletEvidence {
    /// Gives a key of the configuration another value, in the place that counts.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - value: The value in YAML.
    ///   - flag: The argument that wins over the key.
    ///   - origin: Who gives it its value now.
    ///   - action: What has kubelet go by it.
    /// - Returns: The line, and where it goes.
    func setting(
        _ key: String, to value: String, flag: String, insteadOf origin: Origin, then action: String = Self.restart
    ) -> String {
        let line =
            switch origin {
            case .flag: "\(flag)=\(String(value.filter { $0 != "\"" })) \(Self.amongArguments)"
            case .file(let path, _): "\(key): \(value) in \(path)"
            case .builtIn: "\(key): \(value) in \(configurationPath ?? "the file of kubelet's --config")"
            }
        return "\(line), then \(action)"
    }

    private static let restart = "systemctl restart kubelet"
    private static let amongArguments = "in kubelet's arguments (systemctl cat kubelet)"

    /// Names the reserved CPUs.
    func reserving(_ cpus: CPUSet) -> String {
        let origin = configuration?.reservedSystemCPUs.origin ?? .builtIn
        return setting("reservedSystemCPUs", to: "\"\(cpus)\"", flag: "--reserved-cpus", insteadOf: origin)
            + withoutGroups
    }

    /// Switches an option of the static policy on, and keeps the others that are compatible.
    func switching(on option: PolicyOption, then action: String = Self.restart) -> String {
        guard let configuration else { return "" }
        let rival: PolicyOption? = option == .fullPCPUsOnly ? .distributeCPUsAcrossCores : nil
        let names = PolicyOption.allCases.filter { $0 == option || (configuration.isOn($0) && $0 != rival) }
            .map(\.rawValue)
        let flag = "--cpu-manager-policy-options"
        guard case .flag? = configuration.cpuManagerPolicyOptions.values.first?.origin else {
            let origin = configuration.cpuManagerPolicyOptions.values.first?.origin ?? .builtIn
            let value = "{" + names.map { "\($0): \"true\"" }.joined(separator: ", ") + "}"
            return setting("cpuManagerPolicyOptions", to: value, flag: flag, insteadOf: origin, then: action)
        }
        return names.map { "\(flag)=\($0)=true" }.joined(separator: " ")
            + " \(Self.amongArguments), then \(action)"
    }

    /// Has kubelet give out some CPUs and no others.
    func givingOut(_ cpus: CPUSet, on evidence: Evidence) -> String {
        let profile = evidence.profile.map { " --profile \($0.rawValue)" } ?? ""
        let origins = [configuration?.cpuManagerPolicy.origin, configuration?.reservedSystemCPUs.origin]
        let flags = origins.compactMap { origin in if case .flag(let name)? = origin { name } else { nil } }
        let arguments = flags.isEmpty ? "" : ", and no \(flags.joined(separator: " and ")) in kubelet's arguments"
        return "rtshield kargs --cpus \(cpus)\(profile) --format kubelet" + arguments + withoutGroups
    }

    /// Kubelet takes the names of CPUs only without these.
    private var withoutGroups: String {
        let groups = [
            ("systemReservedCgroup", configuration?.systemReservedCgroup),
            ("kubeReservedCgroup", configuration?.kubeReservedCgroup),
        ]
        let keys = groups.filter { !($0.1?.value.isEmpty ?? true) }.map(\.0)
        return keys.isEmpty ? "" : ", and without \(keys.joined(separator: " and ")), which cannot be combined with it"
    }
}
