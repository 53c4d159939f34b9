// SPDX-License-Identifier: Apache-2.0

import MachineKit

/// What kind of CPUs an x86 machine has, from `/sys/devices/system/cpu/modalias`.
///
/// `/proc/cpuinfo` says it too, and interrupts each CPU to ask for its frequency.
struct Processor {
    enum Vendor: String {
        case intel = "0000"
        case amd = "0002"
        case hygon = "0009"
    }

    /// The maker; nil for one that no rule is about.
    let vendor: Vendor?
    /// The numbers of its features, as `arch/x86/include/asm/cpufeatures.h` has them.
    private let features: Set<Substring>

    /// Reads `cpu:type:x86,ven0000fam0006mod0055:feature:,0000,0001,…`; nil when it is no x86 or does not say.
    init?(on evidence: Evidence) {
        guard let text = evidence.value(.sys, "devices/system/cpu/modalias"), text.hasPrefix("cpu:type:x86,ven") else {
            return nil
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        vendor = Vendor(rawValue: String(parts[2].dropFirst("x86,ven".count).prefix(4)))
        features = Set(parts.last?.split(separator: ",") ?? [])
    }

    /// Whether the time stamp counter runs at one speed, also while the CPU sleeps, and says when firmware changed it.
    var hasTrustedCounter: Bool {
        // X86_FEATURE_CONSTANT_TSC, X86_FEATURE_NONSTOP_TSC, X86_FEATURE_TSC_ADJUST
        features.isSuperset(of: ["0068", "0078", "0121"])
    }
}
