// SPDX-License-Identifier: Apache-2.0

import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Clocks and timers")
struct ClockTests {
    private let current = "sys/devices/system/clocksource/clocksource0/current_clocksource"
    private let trusted = "cpu:type:x86,ven0000fam0006mod0055:feature:,0000,0068,0078,0121"
    private let plain = "cpu:type:x86,ven0002fam0019mod0001:feature:,0000,0068,0078"

    @Test(
        "a clock behind a bus is warned of",
        arguments: [
            ("hpet", [Finding.Severity.warning]), ("acpi_pm", [.warning]), ("tsc", [.ok]), ("kvm-clock", [.ok]),
        ])
    func source(name: String, expected: [Finding.Severity]) throws {
        #expect(try severities(of: .clockSource, on: quietMachine(files: [current: name])) == expected)
    }

    @Test("a machine without the file says nothing")
    func missing() throws {
        #expect(try severities(of: .clockSource, on: quietMachine()) == [])
        #expect(try severities(of: .clockWatchdog, on: quietMachine(files: [current: "tsc"])) == [])
    }

    @Test("a counter that the kernel compares is noted")
    func compared() throws {
        let files: KeyValuePairs = [current: "tsc", cpuFiles + "modalias": plain]
        #expect(try severities(of: .clockWatchdog, on: quietMachine(files: files)) == [.note])
        let old: KeyValuePairs = [current: "tsc", cpuFiles + "modalias": trusted]
        #expect(try severities(of: .clockWatchdog, on: quietMachine(release: "5.15.0", files: old)) == [.note])
    }

    @Test("one that it trusts is fine")
    func trust() throws {
        let files: KeyValuePairs = [current: "tsc", cpuFiles + "modalias": trusted]
        #expect(try severities(of: .clockWatchdog, on: quietMachine(files: files)) == [.ok])
        let told: KeyValuePairs = [current: "tsc", cpuFiles + "modalias": plain]
        let machine = quietMachine("nohz_full=2-5 tsc=nowatchdog", files: told)
        #expect(try severities(of: .clockWatchdog, on: machine) == [.ok])
    }

    @Test(
        "timers move to quiet CPUs that tick",
        arguments: [
            ("isolcpus=2-5", "1", [Finding.Severity.note]), ("nohz_full=2-5", "1", [.ok]), ("isolcpus=2-5", "0", [.ok]),
        ])
    func migration(line: String, value: String, expected: [Finding.Severity]) throws {
        let machine = quietMachine(line, files: ["proc/sys/kernel/timer_migration": value])
        #expect(try severities(of: .timerMigration, on: machine) == expected)
    }

    @Test(
        "from 6.19 on timers do not move to CPUs of isolated partitions",
        arguments: [
            ("6.18.0", "2-5", [Finding.Severity.note]), ("6.19.0", "2-5", [.ok]), ("6.19.0", "2-4", [.note]),
            ("7.2.0", "", [.note]),
        ])
    func isolatedTimers(release: String, isolated: String, expected: [Finding.Severity]) throws {
        let files: KeyValuePairs = [
            "proc/sys/kernel/timer_migration": "1", "sys/fs/cgroup/cpuset.cpus.isolated": isolated,
        ]
        #expect(
            try severities(of: .timerMigration, on: quietMachine("isolcpus=2-5", release: release, files: files))
                == expected)
    }

    @Test(
        "ticks at the same moment matter on real-time kernels",
        arguments: [
            ("isolcpus=2-5", [Finding.Severity.note]), ("isolcpus=2-5 skew_tick=1", [.ok]), ("nohz_full=2-5", []),
        ])
    func skew(line: String, expected: [Finding.Severity]) throws {
        let machine = quietMachine(line, files: ["proc/version": "Linux version 6.12 #1 SMP PREEMPT_RT"])
        #expect(try severities(of: .skewedTicks, on: machine) == expected)
        #expect(try severities(of: .skewedTicks, on: quietMachine("isolcpus=2-5")) == [])
    }
}
