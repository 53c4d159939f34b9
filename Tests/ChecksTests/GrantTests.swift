// SPDX-License-Identifier: Apache-2.0

import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("What containers were granted")
struct GrantTests {
    private func machine(_ grant: String, effective: String = "2-3") throws -> MachineText {
        var machine = try MachineText.shielded()
        machine.container(1, cpus: "2-3", effective: effective)
        machine.ledger(grant)
        return machine
    }

    @Test("a ledger that cannot be read is an error", arguments: ["{", "[]", "{\"format\": 9}"])
    func broken(text: String) throws {
        var machine = try MachineText.shielded()
        #expect(try severities(of: .ledgerIsReadable, on: machine) == [])
        machine.file("run/rtshield/ledger", text)
        #expect(try severities(of: .ledgerIsReadable, on: machine) == [.error])
    }

    @Test("a grant outlives no container")
    func gone() throws {
        #expect(try severities(of: .grantsOfTheGone, on: machine(MachineText.grant(1, cpus: "2-3"))) == [])
        #expect(try severities(of: .grantsOfTheGone, on: machine(MachineText.grant(9, cpus: "2-3"))) == [.warning])
    }

    @Test("CPUs that were changed since are told")
    func cpus() throws {
        let grant = MachineText.grant(1, cpus: "2-3")
        #expect(try severities(of: .grantedCPUs, on: machine(grant)) == [.ok])
        #expect(try severities(of: .grantedCPUs, on: machine(grant, effective: "0-7")) == [.warning])
        let narrowed = MachineText.grant(1, narrowed: "0-1")
        #expect(try severities(of: .grantedCPUs, on: machine(narrowed)) == [.warning])
        #expect(try severities(of: .grantedCPUs, on: machine(narrowed, effective: "0")) == [])
    }

    @Test("a policy that was given up is noted, and a priority above the ceiling is told")
    func realtime() throws {
        let grant = MachineText.grant(1, cpus: "2-3", more: #", "realtime": {"policy": "fifo", "priority": 40}"#)
        var machine = try machine(grant)
        #expect(try severities(of: .grantedRealtime, on: machine) == [.note])
        machine.schedule(1001, policy: 1, priority: 40)
        #expect(try severities(of: .grantedRealtime, on: machine) == [])
        machine.schedule(1001, policy: 1, priority: 41)
        #expect(try severities(of: .grantedRealtime, on: machine) == [.warning])
    }
}
