// SPDX-License-Identifier: Apache-2.0

/// An option of the CPU manager's static policy.
package enum PolicyOption: String, CaseIterable, Hashable, Sendable {
    /// Containers have whole cores, and a pod that asks for a part of one is refused.
    case fullPCPUsOnly = "full-pcpus-only"
    /// The reserved CPUs are not in the shared pool either.
    case strictCPUReservation = "strict-cpu-reservation"
    /// CPUs of a container that one NUMA node cannot hold are spread evenly over several.
    case distributeCPUsAcrossNUMA = "distribute-cpus-across-numa"
    /// CPUs of a container share a cache where they can.
    case preferAlignByUncoreCache = "prefer-align-cpus-by-uncorecache"
    /// CPUs of a container lie in one socket, whatever nodes it has.
    case alignBySocket = "align-by-socket"
    /// CPUs of a container are of different cores where they can.
    case distributeCPUsAcrossCores = "distribute-cpus-across-cores"
}

extension PolicyOption {
    /// The feature without which kubelet refuses the option; nil when it needs none.
    ///
    /// As of 1.35; older versions counted more options among the alpha ones.
    var gate: FeatureGate? {
        switch self {
        case .fullPCPUsOnly, .strictCPUReservation: nil
        case .distributeCPUsAcrossNUMA, .preferAlignByUncoreCache: .cpuManagerPolicyBetaOptions
        case .alignBySocket, .distributeCPUsAcrossCores: .cpuManagerPolicyAlphaOptions
        }
    }

    /// Whether kubelet takes other reserved CPUs than without it.
    var changesReservation: Bool {
        switch self {
        case .distributeCPUsAcrossNUMA, .preferAlignByUncoreCache, .distributeCPUsAcrossCores: true
        case .fullPCPUsOnly, .strictCPUReservation, .alignBySocket: false
        }
    }

    /// The pairs that kubelet refuses to have at once.
    static let incompatible: [(PolicyOption, PolicyOption)] = [
        (.fullPCPUsOnly, .distributeCPUsAcrossCores), (.distributeCPUsAcrossNUMA, .distributeCPUsAcrossCores),
        (.preferAlignByUncoreCache, .distributeCPUsAcrossCores), (.preferAlignByUncoreCache, .distributeCPUsAcrossNUMA),
    ]
}

/// A feature that has to be switched on for a setting.
package enum FeatureGate: String, Hashable, Sendable {
    /// Options that are on trial, on unless switched off.
    case cpuManagerPolicyBetaOptions = "CPUManagerPolicyBetaOptions"
    /// Options that may go again, off unless switched on.
    case cpuManagerPolicyAlphaOptions = "CPUManagerPolicyAlphaOptions"
    /// Another period than 100 ms, off unless switched on.
    case customCPUCFSQuotaPeriod = "CustomCPUCFSQuotaPeriod"

    private var isBeta: Bool { self == .cpuManagerPolicyBetaOptions }

    /// Whether the feature is on, with what is said of it or of all of its kind.
    func isOn(among gates: [String: KubeletSetting<Bool>]) -> Bool {
        gates[rawValue]?.value ?? gates[isBeta ? "AllBeta" : "AllAlpha"]?.value ?? isBeta
    }
}

extension KubeletConfiguration {
    /// Whether an option of the static policy is in force.
    package func isOn(_ option: PolicyOption) -> Bool {
        cpuManagerPolicyOptions[option.rawValue].flatMap { Bool(goText: $0.value) } ?? false
    }
}
