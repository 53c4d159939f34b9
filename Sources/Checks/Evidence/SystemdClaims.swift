// SPDX-License-Identifier: Apache-2.0

import MachineKit
import ShieldKit

/// What systemd is told of CPUs.
enum SystemdClaims {
    static func all(in evidence: Evidence) -> [Claim] {
        let settings = evidence.systemd
        return ([settings.manager].compactMap(\.self) + settings.units).compactMap { setting in
            guard let cpus = setting.cpus else { return nil }
            let name = "\(setting.unit) \(setting.key)="
            return Claim(name, side(of: cpus, evidence), cpus, source: setting.place)
        }
    }

    /// What lies wholly on one side speaks for it; what lies on both may be meant so.
    private static func side(of cpus: CPUSet, _ evidence: Evidence) -> Claim.Side {
        guard let quiet = evidence.intent?.cpus else { return .neither }
        if cpus.isDisjoint(with: quiet) { return .housekeeping }
        return cpus.isSubset(of: quiet) ? .isolated : .neither
    }
}
