// SPDX-License-Identifier: Apache-2.0

internal import Containers
import MachineKit
import ShieldKit

/// What a shield has to do with the files of grants.
extension SharedFiles {
    /// Whether a file is new to the ledger, and the shield may have changed it before.
    func isShielded(_ file: ControlFile) -> Bool {
        guard let shield = summary.shield, ledger.original(of: file) == nil else { return false }
        let feature = feature(of: file)
        let attribute = feature == .irqs ? NoiseSource.irqs : feature.cpuFile?.noise
        return attribute.map(shield.attributes.contains) ?? false
    }

    /// What a file held before a shield wrote what it holds now: a shield may end before the grant does.
    func beforeShield(_ file: ControlFile, _ old: ControlValue, _ found: AppliedState) -> ControlValue {
        found.values[file] == old ? found.originals[file] ?? old : old
    }
}
