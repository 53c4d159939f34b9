// SPDX-License-Identifier: Apache-2.0

import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Ticks and RCU callbacks")
struct TickTests {
    @Test("quiet CPUs that tick are noted")
    func ticking() throws {
        let found = try remarks(of: .ticks, on: shieldedMachine())
        #expect(found.map(\.severity) == [.note])
        #expect(found.first?.wanted == "nohz_full=2-5")
    }

    @Test("some that tick, among others that do not, are warned of")
    func partly() throws {
        let machine = try shieldedMachine(arguments: "nohz_full=3-6")
        #expect(try severities(of: .ticks, on: machine) == [.warning, .note])
    }

    @Test("all without a tick are fine")
    func tickless() throws {
        #expect(try severities(of: .ticks, on: quietMachine()) == [.ok])
        #expect(try severities(of: .ticks, on: quietMachine(files: [cpuFiles + "nohz_full": "2-5"])) == [.ok])
        #expect(try severities(of: .ticks, on: quietMachine("quiet")) == [])
    }

    @Test(
        "a kernel that grants no tickless CPU is an error, told once",
        arguments: [[cpuFiles + "nohz_full": "  (null)\n"], [cpuFiles + "isolated": "\n"]])
    func notGranted(files: [String: String]) throws {
        var machine = quietMachine()
        for (path, text) in files { machine.file(path, text) }
        #expect(try severities(of: .grantedTickless, on: machine) == [.error])
        #expect(try severities(of: .ticks, on: machine) == [])
    }

    @Test("the boot CPU keeps its tick")
    func boot() throws {
        let machine = quietMachine("nohz_full=0-5", files: [cpuFiles + "nohz_full": "1-5"])
        let found = try remarks(of: .grantedTickless, on: machine)
        #expect(found.map(\.severity) == [.warning])
        #expect(found.first?.fix?.contains("nohz_full=1-5") == true)
    }

    @Test("what was granted as asked is not told of")
    func granted() throws {
        #expect(try severities(of: .grantedTickless, on: quietMachine(files: [cpuFiles + "nohz_full": "2-5"])) == [])
        #expect(try severities(of: .grantedTickless, on: quietMachine()) == [])
    }

    @Test(
        "callbacks on quiet CPUs are noted, and warned of where some were left out",
        arguments: [
            ("isolcpus=2-5", [Finding.Severity.note]), ("isolcpus=2-5 rcu_nocbs", [.note]),
            ("isolcpus=2-5 rcu_nocbs=2-4", [.warning]), ("isolcpus=2-5 rcu_nocbs=2-", [.ok]),
            ("isolcpus=2-5 rcu_nocbs=all", [.ok]), ("nohz_full=2-5", [.ok]), ("rcu_nocbs=0", []),
        ])
    func callbacks(line: String, expected: [Finding.Severity]) throws {
        #expect(try severities(of: .callbacks, on: quietMachine(line)) == expected)
    }

    @Test(
        "polling for callbacks needs CPUs whose callbacks are offloaded",
        arguments: [
            ("rcu_nocb_poll", [Finding.Severity.note]), ("rcu_nocb_poll rcu_nocbs=2-5", [.ok]), ("rcu_nocbs=2-5", []),
        ])
    func polling(line: String, expected: [Finding.Severity]) throws {
        #expect(try severities(of: .callbackPolling, on: quietMachine(line)) == expected)
    }

    @Test(
        "grace periods that interrupt CPUs are told of",
        arguments: [
            ("isolcpus=2-5", "0", "0", [Finding.Severity.note]), ("isolcpus=2-5", "0", "1", [.warning]),
            ("isolcpus=2-5", "1", "0", [.ok]), ("nohz_full=2-5", "0", "0", []),
        ])
    func expedited(line: String, normal: String, expedited: String, expected: [Finding.Severity]) throws {
        let machine = quietMachine(
            line, files: ["sys/kernel/rcu_normal": normal, "sys/kernel/rcu_expedited": expedited])
        #expect(try severities(of: .expeditedGracePeriods, on: machine) == expected)
    }
}
