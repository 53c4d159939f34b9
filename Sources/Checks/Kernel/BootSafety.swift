// SPDX-License-Identifier: Apache-2.0

import Reports

extension Rule {
    static let mitigations = Rule(
        "mitigations", .kernel,
        title: "The processor's vulnerabilities are mitigated where containers are not all trusted",
        why:
            "mitigations=off makes system calls faster, and lets a container read memory of others and of the "
            + "host on processors that need mitigations.",
        reference: KernelPage.vulnerabilities
    ) { evidence in
        guard evidence.bootOption("mitigations") == "off" else { return [] }
        return [
            .note(
                "mitigations=off is given", wanted: "mitigations=auto, unless everything that runs here is trusted",
                fix: Remedy.booting(without: "mitigations=off", on: evidence))
        ]
    }

    static let audit = Rule(
        "audit", .kernel,
        title: "System calls are not audited",
        why:
            "With auditing each system call of a real-time program does more, and waits when the queue is "
            + "full.",
        reference: KernelPage.parameters
    ) { evidence in
        guard evidence.quiet != nil, let value = evidence.bootOption("audit") else { return [] }
        if ["0", "off"].contains(value) { return [.ok("audit=\(value) switches auditing off")] }
        return [
            .note(
                "audit=\(value) audits from boot on", wanted: "audit=0 where no rule demands auditing",
                fix: Remedy.booting(with: "audit=0", on: evidence))
        ]
    }
}
