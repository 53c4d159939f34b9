// SPDX-License-Identifier: Apache-2.0

internal import Containers
import MachineKit
import ShieldKit

/// What a shield has to do with the files of grants.
extension SharedFiles {
    /// Whether a file is new to the ledger, and the shield may have changed it before.
    func isShielded(_ file: KernelFile) -> Bool {
        guard let shield = summary.shield, ledger.original(of: file) == nil else { return false }
        let feature = feature(of: file)
        let attribute = feature == .irqs ? NoiseSource.irqs : feature.cpuFile?.noise
        return attribute.map(shield.attributes.contains) ?? false
    }

    /// What a file held before a shield wrote what it holds now: a shield may end before the grant does.
    func beforeShield(_ file: KernelFile, _ old: String, _ found: AppliedState) -> String {
        guard let value = found.values[file], Write(file, old: "", new: "", why: "").matches(old, value) else {
            return old
        }
        return found.originals[file] ?? old
    }
}
