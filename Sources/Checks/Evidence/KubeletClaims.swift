// SPDX-License-Identifier: Apache-2.0

import MachineKit
import CgroupKit
import Kubelet
import Reports

/// What kubelet claims.
enum KubeletClaims {
    static func all(in evidence: Evidence) -> [Claim] {
        guard let kubelet = evidence.kubelet, kubelet.isStatic else { return [] }
        var claims: [Claim] = []
        if let reserved = kubelet.reserved {
            claims.append(
                Claim("kubelet reserved", .reserved, reserved, source: kubelet.reservationSource))
        }
        if let state = kubelet.cpuState {
            let file = CPUManagerState.fileName
            claims.append(Claim("kubelet shared", .neither, state.defaultCPUs.cpus, source: file))
            claims.append(Claim("kubelet alone", .neither, state.exclusiveCPUs, source: file))
        }
        return claims.filter { !$0.cpus.isEmpty }
    }
}
