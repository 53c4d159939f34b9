// SPDX-License-Identifier: Apache-2.0

import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Throttling of real-time tasks")
struct ThrottlingTests {
    private func machine(runtime: String, release: String = "6.1.0-test") -> MachineText {
        quietMachine(
            release: release,
            files: [
                "proc/sys/kernel/sched_rt_runtime_us": runtime, "proc/sys/kernel/sched_rt_period_us": "1000000",
                "boot/config-6.12.2-groups": "CONFIG_RT_GROUP_SCHED=y",
            ])
    }

    @Test("a share of each second is noted")
    func share() throws {
        #expect(try severities(of: .realtimeThrottling, on: machine(runtime: "950000")) == [.note])
    }

    @Test("no throttling is fine", arguments: ["-1", "1000000"])
    func none(runtime: String) throws {
        #expect(try severities(of: .realtimeThrottling, on: machine(runtime: runtime)) == [.ok])
    }

    @Test("from 6.12 on ordinary tasks have a server instead, unless groups have budgets")
    func server() throws {
        let newer = machine(runtime: "950000", release: "6.12.1-test")
        #expect(try severities(of: .realtimeThrottling, on: newer) == [.ok])
        let grouped = machine(runtime: "950000", release: "6.12.2-groups")
        #expect(try severities(of: .realtimeThrottling, on: grouped) == [.note])
    }

    @Test("no time at all is an error")
    func nothing() throws {
        #expect(try severities(of: .realtimeThrottling, on: machine(runtime: "0")) == [.error])
    }

    @Test("a shield that switched it off, and a value that came back, have drifted apart")
    func drift() throws {
        var machine = try shieldedMachine([.realtimeThrottling])
        machine.file("proc/sys/kernel/osrelease", "6.1.0\n")
        machine.file("proc/sys/kernel/sched_rt_runtime_us", "950000\n")
        #expect(try severities(of: .realtimeThrottling, on: machine) == [.warning])
    }
}
