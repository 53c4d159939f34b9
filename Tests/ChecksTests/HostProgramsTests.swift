// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("Other programs of the host")
struct HostProgramsTests {
    private func throttled(_ runtime: String) -> MachineText {
        var machine = MachineText.isolated()
        machine.file("proc/sys/kernel/sched_rt_runtime_us", runtime + "\n")
        return machine
    }

    @Test("no throttling without stalld is noted, and stalld beside throttling")
    func stalld() throws {
        #expect(try severities(of: .stalldRuns, on: throttled("-1")) == [.note])
        #expect(try severities(of: .stalldRuns, on: throttled("950000")) == [])
        var machine = throttled("-1")
        machine.process(80, "stalld")
        #expect(try severities(of: .stalldRuns, on: machine) == [.ok])
        machine.file("proc/sys/kernel/sched_rt_runtime_us", "950000\n")
        #expect(try severities(of: .stalldRuns, on: machine) == [.note])
    }

    @Test("stalld that looks after few CPUs, or runs on quiet ones, is told")
    func stalldCPUs() throws {
        var machine = MachineText.isolated()
        machine.process(80, "stalld", "-c", "2-3", affinity: "0-7")
        #expect(try severities(of: .stalldCPUs, on: machine) == [.note, .warning])
        machine.process(80, "stalld", "--cpu=2-5", affinity: "0-1")
        #expect(try severities(of: .stalldCPUs, on: machine) == [.ok])
    }

    @Test("quiet CPUs that are offline are told, and missing ones are errors")
    func offline() throws {
        var machine = MachineText(online: "0-3", present: "0-4", unified: true)
        machine.file("proc/cmdline", "nohz_full=2-4\n")
        #expect(try severities(of: .onlineCPUs, on: machine) == [.warning])
        #expect(try severities(of: .onlineCPUs, on: .isolated()) == [.ok])
        #expect(try severities(of: .onlineCPUs, on: MachineText(online: "0-3", unified: true)) == [])
    }

    @Test("engines on quiet CPUs are told, and noted before there is a shield")
    func engines() throws {
        var machine = try MachineText.shielded()
        machine.process(90, "containerd", affinity: "0-7")
        machine.process(91, "kubelet")
        #expect(try severities(of: .enginePlacement, on: machine) == [.ok, .warning].reversed())
        var planned = MachineText.isolated()
        planned.process(90, "dockerd", affinity: "0-7")
        #expect(try severities(of: .enginePlacement, on: planned) == [.note])
    }

    @Test("guests that are pinned elsewhere, or float on quiet CPUs, are told")
    func nova() throws {
        var machine = MachineText.isolated()
        #expect(try severities(of: .novaCPUs, on: machine) == [])
        machine.file("etc/nova/nova.conf", "[DEFAULT]\nvcpu_pin_set = 2-6,^6\n")
        #expect(try severities(of: .novaCPUs, on: machine) == [.ok])
        machine.file("etc/nova/nova.conf", "[compute]\ncpu_dedicated_set = 4-7\ncpu_shared_set = 0-2\n")
        #expect(try severities(of: .novaCPUs, on: machine) == [.warning, .warning])
        machine.file("etc/nova/nova.conf", "[compute]\ncpu_dedicated_set = all\n")
        #expect(try severities(of: .novaCPUs, on: machine) == [.warning])
    }

    @Test("virtual CPUs of a real-time guest are pinned and in real time")
    func guests() throws {
        var machine = MachineText.isolated()
        machine.process(200, "qemu-kvm")
        machine.virtualCPU(0, of: 200, affinity: "0-7", policy: 1)
        machine.virtualCPU(1, of: 200, affinity: "3", policy: 0)
        machine.virtualCPU(2, of: 200, affinity: "4", policy: 1)
        #expect(try severities(of: .guestThreads, on: machine) == [.warning, .note])
        var ordinary = MachineText.isolated()
        ordinary.process(200, "qemu-kvm")
        ordinary.virtualCPU(0, of: 200, affinity: "0-7", policy: 0)
        #expect(try severities(of: .guestThreads, on: ordinary) == [])
    }
}
