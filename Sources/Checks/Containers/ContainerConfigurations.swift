// SPDX-License-Identifier: Apache-2.0

import Reports

extension Rule {
    static let containerConfigurations = Rule(
        "configuration", .containers,
        title: "The configuration of every container that runs can be read",
        why: "What a container asked for, and whether it has CPUs of its own, stands in its config.json alone.",
        reference: specManual
    ) { evidence in
        let containers = evidence.containers.all
        let faults: [RuleResult] = containers.compactMap { container in
            container.fault.map { fault in
                .warning(
                    "\(container.title): \(fault)", wanted: "a config.json that its runtime wrote",
                    fix: "make the container anew")
            }
        }
        guard faults.isEmpty, !containers.isEmpty else { return faults }
        return [.ok("containers that run: \(containers.count)")]
    }

    static let ledgerIsReadable = Rule(
        "ledger", .containers,
        title: "The ledger of grants can be read",
        why: "Without it nothing that containers were granted can be taken back, and no container is granted anything.",
        reference: specManual
    ) { evidence in
        guard let fault = evidence.containers.ledgerFault else { return [] }
        return [
            .error(fault, wanted: "a ledger that this rtshield wrote", fix: "rtshield ps; journalctl -t rtshield-hook")
        ]
    }
}
