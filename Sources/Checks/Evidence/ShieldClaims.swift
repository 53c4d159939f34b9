// SPDX-License-Identifier: Apache-2.0

import ShieldKit

/// What rtshield itself claims.
enum ShieldClaims {
    static func all(in evidence: Evidence) -> [Claim] {
        guard let shield = evidence.shield else { return [] }
        return [Claim("shield", .isolated, shield.cpus, source: "rtshield")]
    }
}
