// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Cores, frequencies and idle states")
struct ProcessorTests {
    private func machine(_ arguments: String, siblings: (Int) -> String) -> MachineText {
        var machine = quietMachine(arguments)
        for cpu in 0..<8 { machine.file(cpuFiles + "cpu\(cpu)/topology/thread_siblings_list", siblings(cpu) + "\n") }
        return machine
    }

    @Test("a core that is shared with housekeeping is warned of")
    func split() throws {
        let machine = machine("nohz_full=2-5") { "\($0 % 4),\($0 % 4 + 4)" }
        let found = try remarks(of: .splitCores, on: machine)
        #expect(found.map(\.what) == ["quiet CPUs share a core with others: 2 with 6, 3 with 7, 4 with 0, 5 with 1"])
    }

    @Test("a core that is shared among quiet CPUs is noted")
    func shared() throws {
        let machine = machine("nohz_full=2-5") { "\($0 / 2 * 2)-\($0 / 2 * 2 + 1)" }
        #expect(try severities(of: .splitCores, on: machine) == [])
        #expect(try severities(of: .sharedCores, on: machine) == [.note])
    }

    @Test("cores of one thread are fine")
    func whole() throws {
        #expect(try severities(of: .splitCores, on: quietMachine()) == [])
        #expect(try severities(of: .sharedCores, on: quietMachine()) == [])
        #expect(try severities(of: .sharedCores, on: quietMachine(files: [cpuFiles + "smt/control": "off"])) == [.ok])
    }

    @Test("governors that change frequencies are noted, by name")
    func governors() throws {
        var machine = quietMachine()
        for cpu in 0..<8 {
            machine.file(cpuFiles + "cpu\(cpu)/cpufreq/scaling_governor", cpu < 4 ? "performance\n" : "powersave\n")
        }
        let found = try remarks(of: .governor, on: machine)
        #expect(found.map(\.what) == ["CPUs 4-5: the governor is powersave"])
        #expect(found.first?.fix == "rtshield create --cpus 2-5 --with governor")
    }

    @Test("the governor performance is fine, and none says nothing")
    func performance() throws {
        let files: KeyValuePairs = [cpuFiles + "cpu3/cpufreq/scaling_governor": "performance"]
        #expect(try severities(of: .governor, on: quietMachine(files: files)) == [.ok])
        #expect(try severities(of: .governor, on: quietMachine()) == [])
    }

    @Test(
        "turbo is noted",
        arguments: [
            ("intel_pstate/no_turbo", "0", [Finding.Severity.note]), ("cpufreq/boost", "1", [.note]),
            ("cpufreq/boost", "0", [.ok]), ("cpufreq/boost", "", []),
        ])
    func turbo(file: String, value: String, expected: [Finding.Severity]) throws {
        #expect(try severities(of: .turbo, on: quietMachine(files: [cpuFiles + file: value])) == expected)
    }

    private func sleeper(limit: String? = "0", disabled: Bool = false) -> MachineText {
        var machine = quietMachine()
        for (number, (name, latency)) in [("POLL", 0), ("C1", 2), ("C6", 133)].enumerated() {
            let state = cpuFiles + "cpu3/cpuidle/state\(number)/"
            machine.file(state + "name", name + "\n")
            machine.file(state + "latency", "\(latency)\n")
            machine.file(state + "disable", disabled && latency > 2 ? "1\n" : "0\n")
        }
        if let limit { machine.file(cpuFiles + "cpu3/power/pm_qos_resume_latency_us", limit + "\n") }
        return machine
    }

    @Test("a deep sleep is noted")
    func deep() throws {
        let found = try remarks(of: .idleStates, on: sleeper())
        #expect(found.map(\.what) == ["CPU 3 may enter idle state C6, and take 133 us to wake"])
        #expect(try severities(of: .idleStates, on: sleeper(limit: nil)) == [.note])
    }

    @Test("one that is forbidden is fine", arguments: ["n/a", "50"])
    func forbidden(limit: String) throws { #expect(try severities(of: .idleStates, on: sleeper(limit: limit)) == []) }

    @Test("one that is switched off is fine, and a machine that never sleeps says nothing")
    func shallow() throws {
        #expect(try severities(of: .idleStates, on: sleeper(disabled: true)) == [])
        #expect(try severities(of: .idleStates, on: quietMachine()) == [])
    }

    @Test("polling with two threads a core is warned of")
    func polling() throws {
        let machine = quietMachine("idle=poll", files: [cpuFiles + "smt/active": "1"])
        #expect(try severities(of: .idleDriver, on: machine) == [.warning])
        #expect(try severities(of: .idleDriver, on: quietMachine("idle=poll")) == [.note])
    }

    @Test("an idle driver that only hands over is noted")
    func handsOver() throws {
        let driver: KeyValuePairs = [cpuFiles + "cpuidle/current_driver": "acpi_idle"]
        let line = "intel_idle.max_cstate=0"
        #expect(try severities(of: .idleDriver, on: quietMachine(line, files: driver)) == [.note])
        #expect(
            try severities(of: .idleDriver, on: quietMachine(line + " processor.max_cstate=1", files: driver)) == [])
        #expect(try severities(of: .idleDriver, on: quietMachine(files: driver)) == [])
    }

    @Test("options for another maker's processors are noted")
    func makers() throws {
        let amd: KeyValuePairs = [cpuFiles + "modalias": "cpu:type:x86,ven0002fam0019mod0001:feature:,0000"]
        #expect(try severities(of: .foreignDrivers, on: quietMachine("intel_pstate=disable", files: amd)) == [.note])
        #expect(try severities(of: .foreignDrivers, on: quietMachine("amd_pstate=active", files: amd)) == [])
        #expect(try severities(of: .foreignDrivers, on: quietMachine("intel_pstate=disable")) == [])
    }
}
