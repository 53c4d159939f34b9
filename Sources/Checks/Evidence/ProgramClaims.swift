// SPDX-License-Identifier: Apache-2.0

import ShieldKit

/// What tuned and OpenStack's nova are told of CPUs.
enum ProgramClaims {
    static func all(in evidence: Evidence) -> [Claim] {
        var claims: [Claim] = []
        if let isolated = evidence.tuned?.isolated, let cpus = isolated.cpus {
            claims.append(Claim("tuned isolated_cores", .isolated, cpus, source: isolated.place))
        }
        if let dedicated = evidence.nova.dedicated, let cpus = dedicated.cpus {
            claims.append(Claim("nova \(dedicated.key)", .isolated, cpus, source: dedicated.place))
        }
        if let shared = evidence.nova.shared, let cpus = shared.cpus {
            claims.append(Claim("nova \(shared.key)", .housekeeping, cpus, source: shared.place))
        }
        return claims
    }
}
