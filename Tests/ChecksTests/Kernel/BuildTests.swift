// SPDX-License-Identifier: Apache-2.0

import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("How the kernel was built")
struct BuildTests {
    @Test("a kernel without PREEMPT_RT is noted")
    func notRealtime() throws {
        #expect(try severities(of: .realtimeKernel, on: quietMachine()) == [.note])
        let threaded = try remarks(of: .realtimeKernel, on: quietMachine("nohz_full=2-5 threadirqs"))
        #expect(threaded.first?.what.contains("interrupts are handled by threads") == true)
    }

    @Test("a kernel with PREEMPT_RT is fine")
    func realtime() throws {
        let machine = quietMachine(files: ["proc/version": "Linux version 6.12.1-rt #1 SMP PREEMPT_RT"])
        #expect(try severities(of: .realtimeKernel, on: machine) == [.ok])
    }

    @Test("nobody needs one where no CPU is meant to be quiet")
    func nobody() throws { #expect(try severities(of: .realtimeKernel, on: quietMachine("quiet")) == []) }

    @Test("before 6.2 affinities are lost", arguments: [("6.1.0-37", [Finding.Severity.note]), ("6.2.0", [])])
    func affinity(release: String, expected: [Finding.Severity]) throws {
        #expect(try severities(of: .keptAffinity, on: quietMachine(release: release)) == expected)
    }

    private let grouped = "CONFIG_X=m\nCONFIG_RT_GROUP_SCHED=y\n"

    @Test("real-time groups on v2 refuse real-time tasks")
    func groups() throws {
        let machine = quietMachine(files: ["boot/config-6.12.1-test": grouped])
        #expect(try severities(of: .realtimeGroups, on: machine) == [.warning])
    }

    @Test("unless they were switched off at boot, from 6.16 on")
    func groupsOff() throws {
        let machine = quietMachine(
            "nohz_full=2-5 rt_group_sched=0", release: "6.16.0", files: ["boot/config-6.16.0": grouped])
        #expect(try severities(of: .realtimeGroups, on: machine) == [])
        let older = quietMachine(
            "nohz_full=2-5 rt_group_sched=0", release: "6.15.0", files: ["boot/config-6.15.0": grouped])
        #expect(try severities(of: .realtimeGroups, on: older) == [.warning])
    }

    @Test("a kernel without them takes real-time tasks everywhere")
    func noGroups() throws {
        let machine = quietMachine(files: ["boot/config-6.12.1-test": "# CONFIG_RT_GROUP_SCHED is not set"])
        #expect(try severities(of: .realtimeGroups, on: machine) == [])
        #expect(try severities(of: .realtimeGroups, on: quietMachine()) == [])
    }
}
