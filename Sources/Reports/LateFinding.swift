// SPDX-License-Identifier: Apache-2.0

import MachineKit
package import ShieldKit

extension Finding {
    /// How many names a line can hold.
    private static let nameLimit = 8

    /// Tells of units that systemd does not keep off the shield although it has read that it should; nil when there is none.
    package init?(late units: [LateUnit]) {
        guard let first = units.first else { return nil }
        let names = units.prefix(Self.nameLimit).map(\.unit).joined(separator: ", ")
        let more = units.count > Self.nameLimit ? " and \(units.count - Self.nameLimit) more" : ""
        let isService = first.unit.hasSuffix(".service")
        self.init(
            .warning,
            units.count == 1
                ? "systemd has not applied CPUs \(first.wanted) to \(names)"
                : "systemd has not applied CPUs \(first.wanted) to \(units.count) units: \(names)\(more)",
            why:
                "systemd has read the unit files but not applied them; only task affinity keeps these units off the shield",
            advice: isService
                ? "run 'systemctl restart \(first.unit)' when the unit may be interrupted"
                : "see 'systemctl show -p AllowedCPUs \(first.unit)' and 'journalctl -b _PID=1'")
    }
}
