// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("Isolation at boot")
struct IsolationTests {
    @Test("a housekeeping CPU that is isolated is warned of")
    func stray() throws {
        let machine = try shieldedMachine(arguments: "isolcpus=1")
        #expect(try severities(of: .isolatedCPUs, on: machine) == [.warning])
    }

    @Test("tasks that pile up are noted, and warned of where kubelet gives out the CPUs")
    func piles() throws {
        #expect(try severities(of: .isolatedCPUs, on: quietMachine("isolcpus=2-5")) == [.note])
        let kubernetes = quietMachine(
            "isolcpus=2-5", files: ["var/lib/kubelet/cpu_manager_state": #"{"policyName":"static"}"#])
        #expect(try severities(of: .isolatedCPUs, on: kubernetes) == [.warning])
    }

    @Test(
        "without isolated CPUs nothing piles up",
        arguments: ["nohz_full=2-5", "isolcpus=managed_irq,2-5", "isolcpus=2"])
    func nobody(line: String) throws { #expect(try severities(of: .isolatedCPUs, on: quietMachine(line)) == []) }

    @Test("what the kernel did not isolate is warned of")
    func notGranted() throws {
        let machine = quietMachine("isolcpus=2-5", files: [cpuFiles + "isolated": "2-4"])
        #expect(
            try remarks(of: .grantedIsolation, on: machine).map(\.what)
                == ["isolcpus= requests CPUs 2-5, but the kernel did not isolate 5"])
    }

    @Test("what it isolated is fine, and so is a partition that came later")
    func granted() throws {
        let machine = quietMachine("isolcpus=2-5", files: [cpuFiles + "isolated": "2-6"])
        #expect(try severities(of: .grantedIsolation, on: machine) == [.ok])
        #expect(try severities(of: .grantedIsolation, on: quietMachine("isolcpus=2-5")) == [])
        let later = quietMachine(files: [cpuFiles + "isolated": "2-5"])
        #expect(try severities(of: .grantedIsolation, on: later) == [])
        #expect(try severities(of: .isolatedCPUs, on: later) == [])
    }

    @Test("isolcpus and a shield that share out all CPUs are an error")
    func noRoom() throws {
        let machine = try shieldedMachine(arguments: "isolcpus=0-1,6-7")
        #expect(try severities(of: .partitionRoom, on: machine) == [.error])
    }

    @Test("a CPU that is in neither makes it safe")
    func room() throws {
        #expect(try severities(of: .partitionRoom, on: shieldedMachine(arguments: "isolcpus=1-5")) == [])
        #expect(try severities(of: .partitionRoom, on: shieldedMachine()) == [])
        #expect(try severities(of: .partitionRoom, on: quietMachine("isolcpus=1-7")) == [])
    }

    @Test("options that leave no CPU together are warned of")
    func together() throws {
        #expect(try severities(of: .bootRoom, on: quietMachine("isolcpus=0-3 nohz_full=4-7")) == [.warning])
        #expect(try severities(of: .bootRoom, on: quietMachine("isolcpus=1-3 nohz_full=4-7")) == [])
        #expect(try severities(of: .bootRoom, on: quietMachine("nohz_full=all")) == [])
    }

    @Test("the boot CPU should not be quiet")
    func bootCPU() throws {
        #expect(try severities(of: .bootCPU, on: quietMachine("isolcpus=0-3")) == [.note])
        #expect(try severities(of: .bootCPU, on: quietMachine()) == [])
    }
}
