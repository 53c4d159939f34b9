// SPDX-License-Identifier: Apache-2.0

import MachineKit
import CgroupKit
import RecordedMachines
import Reports
import ScriptedMachines
import ShieldKit
import Testing

@Suite("What status finds")
struct ReportTests {
    @Test("tasks are counted where they may run, those that the kernel keeps left out")
    func tasks() throws {
        let report = try Machines.report(Machines.shielded())
        // Everywhere run the stray, redis and scsi_eh_0; on 2-5 also cyclictest, on 3 rt-app, on 2 the interrupt thread.
        #expect(report.cpus.map(\.tasks) == [6, 6, 5, 5, 4, 4, 6, 6])
    }

    @Test(
        "interrupts are counted where they go, or may go when that is not told; one that nobody requested goes nowhere")
    func interrupts() throws {
        #expect(try Machines.report(Machines.shielded()).cpus.map(\.irqs) == [1, 1, 1, 1, 0, 0, 1, 1])
    }

    @Test("each partition has its tasks and its containers")
    func partitions() throws {
        let report = try Machines.report(Machines.shielded())
        #expect(report.partitions.map(\.name) == ["system", "user", "docker"])
        #expect(report.partitions.map(\.tasks) == [3, 1, 0])
        #expect(report.partitions.map(\.containers) == [1, 0, 1])
    }

    @Test("what cannot leave the shield is counted with the reason, numbered threads together")
    func staying() throws {
        let staying = try Machines.report(Machines.shielded()).staying
        #expect(staying.map(\.reason) == [.perCPU, .kernelOnly, .onlyShielded])
        #expect(staying.map(\.count) == [8, 1, 1])
        #expect(staying[0].names.map { "\($0.name) \($0.count)" } == ["kworker/* 4", "migration/* 4"])
    }

    @Test("a container that was given a shielded CPU is a guest, not a stray")
    func guests() throws {
        let guests = try Machines.report(Machines.shielded()).guests
        #expect(guests.map(\.name) == ["docker aaaaaaaaaaaa"])
        #expect(guests.map(\.cpus) == [[3]])
        #expect(guests.map(\.tasks) == [1])
    }

    @Test("what could leave the shield is named, with what to do")
    func strays() throws {
        let findings = try Machines.report(Machines.shielded()).findings.filter { $0.severity == .warning }
        #expect(findings.count == 3)
        #expect(findings.allSatisfy { $0.advice == "run 'rtshield reconcile'" })
        for name in ["evil", "scsi_eh_0", "docker bbbbbbbbbbbb"] {
            #expect(findings.contains { $0.what.contains(name) }, "\(name)")
        }
    }

    @Test("a machine without a shield has no partitions and nothing to complain of")
    func none() throws {
        var machine = MachineText(online: "0-1", unified: false)
        machine.task(7, "sh", affinity: "0-1")
        let report = try Machines.report(machine)
        #expect(report.state == .none)
        #expect(report.shield == nil && report.partitions.isEmpty && report.findings.isEmpty)
        #expect(report.cpus.map(\.tasks) == [1, 1])
    }

    @Test("a shield whose making was interrupted is none, and what to do is said")
    func interrupted() throws {
        var machine = MachineText(online: "0-7", unified: false)
        try machine.journal(Machines.shield(), done: false)
        let report = try Machines.report(machine)
        #expect(report.state == .interrupted)
        #expect(report.shield == nil)
        #expect(report.findings.map(\.severity) == [.error])
        #expect(report.findings.first?.advice?.contains("rtshield destroy") == true)
    }

    @Test(
        "the state of a pool is the kernel's word",
        arguments: [
            ("isolated", true), ("isolated invalid (Cpu list in cpuset.cpus not exclusive)", false),
            ("isolated invalid", false),
            ("root", false), ("member", false),
        ])
    func pool(state: String, isValid: Bool) throws {
        var machine = MachineText(online: "0-7", unified: true)
        machine.group("/rtshield", cpus: "2-5", effective: "2-5", partition: state)
        try machine.journal(Machines.shield(.pool(balanced: false)))
        let report = try Machines.report(machine)
        #expect(report.pool?.state == state)
        #expect(report.pool?.isValid == isValid)
        #expect(report.findings.map(\.severity) == (isValid ? [] : [.error]))
        #expect(report.partitions.map(\.engineParent) == [nil, "/rtshield/user", "/rtshield/docker"])
    }

    @Test("a value that another program changed is told")
    func drift() throws {
        var machine = MachineText(online: "0-7", unified: false)
        machine.group("/user", cpus: "2-4", effective: "2-4")
        let file = ControlFile.cpus(of: CgroupPath("/user"))
        try machine.journal(
            Machines.shield(),
            undo: [
                .removeGroup(CgroupSpec(CgroupPath("/user"), why: "test")),
                .write(Write(file, old: .cpus([2, 3, 4, 5]), new: .cpus([]), why: "test")),
            ])
        let warnings = try Machines.report(machine).findings.filter { $0.severity == .warning }
        #expect(warnings.map(\.what) == ["/sys/fs/cgroup/cpuset/user/cpuset.cpus holds '2-4', not '2-5'"])
    }

    @Test("a group of the shield that is gone is told")
    func vanished() throws {
        var machine = MachineText(online: "0-7", unified: false)
        try machine.journal(
            Machines.shield(), undo: [.removeGroup(CgroupSpec(CgroupPath("/user"), why: "test"))])
        let warnings = try Machines.report(machine).findings.filter { $0.severity == .warning }
        #expect(warnings.map(\.what) == ["/sys/fs/cgroup/cpuset/user is missing"])
    }

    @Test("CPUs that went offline or came online since are told")
    func hotplug() throws {
        var machine = MachineText(online: "0-4,6-8", present: "0-8", unified: false)
        try machine.journal(Machines.shield())
        let report = try Machines.report(machine)
        #expect(report.cpus.filter { !$0.isOnline }.map(\.cpu) == [5])
        let warnings = report.findings.filter { $0.severity == .warning }.map(\.what)
        #expect(warnings.contains { $0.hasPrefix("shielded CPU 5 is offline") })
        #expect(warnings.contains { $0.hasPrefix("CPU 8 came online") })
    }

    @Test("pods are left to kubelet where its static policy gives out CPUs")
    func kubelet() throws {
        var machine = try Machines.shielded()
        let pod = "/kubepods.slice/kubepods-pod1.slice/cri-containerd-\(String(repeating: "c", count: 64)).scope"
        machine.group(pod, cpus: "0-7", effective: "0-7")
        machine.task(30, "etcd", affinity: "0-7", group: pod)
        machine.file("var/lib/kubelet/cpu_manager_state", #"{"policyName":"static","defaultCpuSet":"0-7"}"#)
        let findings = try Machines.report(machine).findings
        #expect(findings.contains { $0.severity == .note && $0.what.contains("left to kubelet") })
        #expect(!findings.contains { $0.what.contains("etcd") || $0.what.contains("cccccccccccc") })
    }
}
