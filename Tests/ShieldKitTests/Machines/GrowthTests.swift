// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Cost on larger machines")
struct GrowthTests {
    /// Reads and changes of a create and a destroy on a machine with so many groups, each with a task.
    private func cost(_ kind: ScriptedMachine.Kind, groups: Int) throws -> Int {
        let machine = try ScriptedMachine(kind, kernel: "6.1.0")
        for number in 0..<groups {
            let group = kind == .systemd ? "/system.slice/s\(number).service" : "/docker/c\(number)"
            try machine.add(group: group, cpus: kind == .systemd ? nil : "0-7")
            machine.add(task: Int32(1_000 + number), "x", in: group)
        }
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        try machine.destroy()
        return machine.reads + machine.faults.changes
    }

    @Test("twice the groups cost twice the reads and writes", arguments: [ScriptedMachine.Kind.v1, .v2, .systemd])
    func linear(kind: ScriptedMachine.Kind) throws {
        let (small, medium, large) = try (cost(kind, groups: 8), cost(kind, groups: 16), cost(kind, groups: 24))
        #expect(large - medium <= (medium - small) * 11 / 10)
    }
}
