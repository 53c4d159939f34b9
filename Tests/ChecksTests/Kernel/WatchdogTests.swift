// SPDX-License-Identifier: Apache-2.0

import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Watchdogs")
struct WatchdogTests {
    private func machine(_ settings: KeyValuePairs<String, String>) -> MachineText {
        var machine = quietMachine()
        for (name, value) in settings { machine.file("proc/sys/kernel/" + name, value + "\n") }
        return machine
    }

    @Test("a watchdog that wakes on quiet CPUs is noted")
    func wakes() throws {
        let found = try remarks(of: .lockupWatchdog, on: machine(["watchdog": "1", "watchdog_cpumask": "0-7"]))
        #expect(found.map(\.what) == ["the lockup watchdog wakes on CPUs 2-5"])
        #expect(found.first?.fix == "rtshield create --cpus 2-5")
    }

    @Test(
        "one that is off, or elsewhere, is fine",
        arguments: [("0", "0-7", "1"), ("1", "0-1,6-7", "1"), ("1", "", "1"), ("1", "0-7", "0")])
    func quiet(watchdog: String, mask: String, soft: String) throws {
        let machine = machine([
            "watchdog": watchdog, "watchdog_cpumask": mask, "soft_watchdog": soft, "nmi_watchdog": "0",
        ])
        #expect(try severities(of: .lockupWatchdog, on: machine) == [.ok])
    }

    @Test("a kernel without one says nothing")
    func missing() throws {
        #expect(try severities(of: .lockupWatchdog, on: quietMachine()) == [])
        #expect(try severities(of: .nmiWatchdog, on: quietMachine()) == [])
    }

    @Test("a shield whose mask was widened has drifted")
    func drift() throws {
        let shielded = try shieldedMachine(files: ["proc/sys/kernel/watchdog_cpumask": "0-7"])
        let found = try remarks(of: .lockupWatchdog, on: shielded)
        #expect(found.map(\.severity) == [.warning])
        #expect(found.first?.fix?.hasPrefix("rtshield reconcile") == true)
    }

    @Test("a panic because a program works is warned of")
    func panic() throws {
        #expect(
            try severities(of: .lockupPanic, on: machine(["softlockup_panic": "1", "watchdog_cpumask": "0-7"])) == [
                .warning
            ])
        #expect(
            try severities(of: .lockupPanic, on: machine(["softlockup_panic": "1", "watchdog_cpumask": "0-1"])) == [])
        #expect(
            try severities(of: .lockupPanic, on: machine(["softlockup_panic": "0", "watchdog_cpumask": "0-7"])) == [])
    }

    @Test("a panic because a task hangs is noted")
    func hung() throws {
        #expect(try severities(of: .hungTasks, on: machine(["hung_task_panic": "1"])) == [.note])
        #expect(
            try severities(of: .hungTasks, on: machine(["hung_task_panic": "1", "hung_task_timeout_secs": "0"])) == [])
        #expect(try severities(of: .hungTasks, on: machine(["hung_task_panic": "0"])) == [])
    }

    @Test("counters that interrupt quiet CPUs are noted, with the attribute that ends it")
    func counters() throws {
        let found = try remarks(of: .nmiWatchdog, on: machine(["nmi_watchdog": "1", "watchdog_cpumask": "0-7"]))
        #expect(found.map(\.severity) == [.note])
        #expect(found.first?.fix == "rtshield create --cpus 2-5 --with nmi-watchdog")
        #expect(
            try severities(of: .nmiWatchdog, on: machine(["nmi_watchdog": "1", "watchdog_cpumask": "0-1"])) == [.ok])
        #expect(try severities(of: .nmiWatchdog, on: machine(["nmi_watchdog": "0"])) == [.ok])
    }
}
