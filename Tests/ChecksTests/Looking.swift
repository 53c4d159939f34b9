// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit

@testable import Checks

/// What one rule finds on a recorded machine.
func remarks(of rule: Rule, on machine: MachineText) throws -> [RuleResult] {
    let directory = try RecordedMachine(files: machine.files)
    let shielding = try ShieldOperations(DirectoryMachine(directory.path))
    return rule.look(Evidence(shielding, files: HostFiles(root: directory.path)))
}

/// The severities of what one rule finds, in order.
func severities(of rule: Rule, on machine: MachineText) throws -> [Finding.Severity] {
    try remarks(of: rule, on: machine).map(\.severity)
}
