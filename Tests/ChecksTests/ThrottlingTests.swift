// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import RecordedMachines
import Testing

@testable import Checks

@Suite("Throttling of real-time tasks")
struct ThrottlingTests {
    private func machine(runtime: String) -> MachineText {
        var machine = MachineText(online: "0-7", unified: true)
        machine.file("proc/cmdline", "nohz_full=2-5\n")
        machine.file("proc/sys/kernel/sched_rt_runtime_us", runtime + "\n")
        machine.file("proc/sys/kernel/sched_rt_period_us", "1000000\n")
        return machine
    }

    @Test("a share of each second is noted")
    func share() throws {
        #expect(try severities(of: .realtimeThrottling, on: machine(runtime: "950000")) == [.note])
    }

    @Test("no throttling is fine")
    func none() throws { #expect(try severities(of: .realtimeThrottling, on: machine(runtime: "-1")) == [.ok]) }
}
