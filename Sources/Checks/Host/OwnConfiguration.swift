// SPDX-License-Identifier: Apache-2.0

import ShieldKit
import Configuration
import Reports

extension Rule {
    static let configurationIsValid = Rule(
        "configuration", .host,
        title: "rtshield's own configuration can be read and understood",
        why:
            "Where it cannot, no shield is made at boot, and a container that asks for anything by an annotation does not "
            + "start.",
        reference: "https://yaml.org/spec/1.2.2/"
    ) { evidence in
        if evidence.configuration != nil { return [.ok("\(Configuration.path) is understood")] }
        return evidence.configurationFaults.map { fault in
            .error(
                fault, wanted: "a file that 'rtshield config check' accepts",
                fix: "rtshield config check \(Configuration.path)")
        }
    }

    static let configurationIsApplied = Rule(
        "configured-shield", .host,
        title: "The shield that stands is the one that is configured",
        why: "The next boot makes the shield of the configuration, which is then another one than that of today.",
        reference: "https://docs.kernel.org/admin-guide/cgroup-v2.html#cpuset"
    ) { evidence in
        guard evidence.configuration?.shield != nil else { return [] }
        guard let wanted = evidence.configuredShield else {
            return [
                .error(
                    "the shield of \(Configuration.path) does not fit this machine", wanted: "CPUs that it has",
                    fix: "rtshield apply --dry-run")
            ]
        }
        guard let shield = evidence.shield else {
            return [
                .warning(
                    "\(Configuration.path) wants CPUs \(wanted.cpus) shielded, and no shield stands",
                    wanted: "a shield of CPUs \(wanted.cpus)", fix: "rtshield apply")
            ]
        }
        if shield.cpus == wanted.cpus { return [.ok("the shield of CPUs \(shield.cpus) is the configured one")] }
        return [
            .warning(
                "the shield is CPUs \(shield.cpus), and \(Configuration.path) wants \(wanted.cpus)",
                wanted: "a shield of CPUs \(wanted.cpus)", fix: "rtshield apply")
        ]
    }
}
