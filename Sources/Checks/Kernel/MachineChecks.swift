// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import Reports
import ShieldKit

extension Rule {
    static let machineChecks = Rule(
        "machine-check", .kernel,
        title: "Quiet CPUs do not poll for corrected hardware errors",
        why:
            "x86 polls each CPU every few minutes, with a timer on each. Without, failing memory is noticed "
            + "later.",
        reference: KernelPage.machineChecks
    ) { evidence in
        let file = "devices/system/machinecheck/machinecheck0/check_interval"
        guard evidence.quiet != nil, let seconds = evidence.number(.sys, file) else {
            return []
        }
        if seconds == 0 { return [.ok("hardware errors are not polled for")] }
        // Off already, or counted by firmware.
        guard !["off", "ignore_ce"].contains(evidence.bootOption("mce")) else { return [.ok("mce= ends polling")] }
        return [
            evidence.disturbance(
                .machineCheck, "each CPU polls for hardware errors every \(seconds) s",
                wanted: "0 where a management controller watches the hardware")
        ]
    }

    static let machineChecksOff = Rule(
        "mce-off", .kernel,
        title: "Hardware errors that cannot be corrected are not ignored",
        why:
            "mce=off does more than end polling: an error that the processor cannot correct resets the "
            + "machine, without a word in its log. mce=ignore_ce, or a check interval of 0, end the polling "
            + "alone.",
        reference: KernelPage.machineChecks
    ) { evidence in
        guard evidence.host.boot.values(of: "mce").contains("off") else { return [] }
        return [
            .note(
                "mce=off switches the handling of hardware errors off", wanted: "mce=ignore_ce",
                fix: Remedy.booting(without: "mce=off", on: evidence) + "; with mce=ignore_ce in its place")
        ]
    }
}
