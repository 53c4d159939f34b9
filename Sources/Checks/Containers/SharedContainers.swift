// SPDX-License-Identifier: Apache-2.0

import Containers
import MachineKit
import ShieldKit

extension Rule {
    static let sharedContainers = Rule(
        "shared", .containers,
        title: "Containers that asked for no CPUs run beside the shield",
        why:
            "An engine makes the group of a container wide that asked for nothing, so it may run on every CPU, and disturbs "
            + "whoever was given a quiet one.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset"
    ) { evidence in
        guard let shield = evidence.shield, !shield.placement.isPool else { return [] }
        return evidence.containers.all.compactMap { container in
            guard let decision = container.decision, !decision.ownership.isOwner else { return nil }
            let disturbed = container.cpus.intersection(shield.cpus)
            // Who names CPUs keeps them, and kubelet gives out those of its pods.
            guard decision.container.spec.cpu.cpus.isEmpty, !disturbed.isEmpty else { return nil }
            return .warning(
                "\(container.title) asked for no CPUs and may run on quiet CPUs \(disturbed)",
                wanted: "CPUs \(evidence.housekeeping)", fix: "rtshield reconcile")
        }
    }
}
