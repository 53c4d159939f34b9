// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import ShieldKit
import Testing

@testable import Checks

@Suite("What the kernel claims")
struct ClaimTests {
    private func claims(_ machine: MachineText) throws -> [String] {
        let directory = try RecordedMachine(files: machine.files)
        let evidence = Evidence(
            try ShieldOperations(DirectoryMachine(directory.path)), files: HostFiles(root: directory.path))
        return Claim.all(in: evidence).map { "\($0.name) \($0.cpus)" }
    }

    @Test("what was granted is claimed where it is not what was asked")
    func granted() throws {
        let differs = quietMachine(
            "nohz_full=0-3 isolcpus=2-3", files: [cpuFiles + "nohz_full": "1-3", cpuFiles + "isolated": "2-3"])
        #expect(try claims(differs) == ["isolcpus= 2-3", "nohz_full= 0-3", "nohz_full granted 1-3"])
    }

    @Test("options for everything else, and the watchdog, are claims too")
    func housekeeping() throws {
        let machine = quietMachine(
            "irqaffinity=0-1 workqueue.unbound_cpus=0-2",
            files: ["proc/sys/kernel/watchdog_cpumask": "0-3"])
        #expect(
            try claims(machine)
                == ["irqaffinity= 0-1", "unbound work at boot 0-2", "lockup watchdog 0-3"])
    }

    @Test("a watchdog that is off claims nothing")
    func off() throws {
        let machine = quietMachine(
            "quiet", files: ["proc/sys/kernel/watchdog_cpumask": "0-3", "proc/sys/kernel/watchdog": "0"])
        #expect(try claims(machine) == [])
    }
}
