// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import MachineKit
import ShieldKit

extension Evidence {
    /// The online CPUs that are meant to be quiet; nil where nobody means any to be.
    var quiet: CPUSet? {
        guard let cpus = intent?.cpus.intersection(host.online), !cpus.isEmpty else { return nil }
        return cpus
    }

    /// Reads a number; nil when the file is missing or holds something else.
    func number(_ tree: Tree, _ path: String) -> Int? { value(tree, path).flatMap { Int($0) } }

    /// The value of an option of the command line, empty for one without; nil when it was not given.
    func bootOption(_ name: String) -> String? { host.boot.value(of: name) }

    /// Judges a value that an attribute of a shield is about, and that disturbs the quiet CPUs.
    ///
    /// Where the shield has the attribute, it drifted; where it has not, somebody may want it.
    func disturbance(_ attribute: NoiseSource, _ what: String, wanted: String) -> RuleResult {
        guard let shield, shield.attributes.contains(attribute) else {
            return .note(what, wanted: wanted, fix: Remedy.giving(attribute, on: self))
        }
        return .warning(what, wanted: wanted, fix: "rtshield reconcile, and keep 'rtshield watch' running")
    }
}
