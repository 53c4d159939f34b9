// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Why something was refused")
struct DiagnosisTests {
    private func machine(_ kind: ScriptedMachine.Kind = .v1) throws -> ScriptedMachine {
        let machine = try ScriptedMachine(kind, kernel: "6.12.0")
        try machine.add(group: "/docker/one", cpus: "2-3")
        try machine.add(group: "/mine", cpus: "6-7")
        return machine
    }

    /// Tries a write, and explains its refusal.
    private func refusal(_ path: String, _ value: String, on machine: ScriptedMachine) throws -> Refusal {
        let file = try #require(ControlFile(formatOne: KernelFile(.cpuset, path)))
        let write = Write(file, old: .cpus([]), new: try #require(file.value(in: value)), why: "")
        let error = try #require(throws: FileError.self) { try machine.write(value, to: file.location()) }
        return Diagnosis(machine: machine, host: try Host(observing: machine)).explain(.file(error), write)
    }

    @Test("the child that is wider, the parent that is narrower and the exclusive sibling are named")
    func groups() throws {
        let machine = try machine()
        let busy = try refusal("docker/cpuset.cpus", "0-1", on: machine)
        #expect(busy.what == "cannot write '0-1' to /sys/fs/cgroup/cpuset/docker/cpuset.cpus: Device or resource busy")
        #expect(busy.why.contains("/docker/one has CPUs 2-3") && busy.advice.contains("/docker/one"))
        try machine.cpusets.write("0-5", to: "cpuset.cpus", of: "/docker")
        let denied = try refusal("docker/one/cpuset.cpus", "5-6", on: machine)
        #expect(denied.why.contains("/docker has only CPUs 0-5") && denied.advice.contains("give /docker more CPUs"))
        try machine.cpusets.write("1", to: "cpuset.cpu_exclusive", of: "/mine")
        let invalid = try refusal("docker/cpuset.cpus", "0-7", on: machine)
        #expect(
            invalid.why.contains("/mine has CPUs 6-7 exclusively") && invalid.advice.contains("cset shield --reset"))
    }

    @Test(
        "an error without a group behind it is explained by its number",
        arguments: [
            (.notPermitted, "root on the host"), (.noSpace, "give the cgroup CPUs"), (.outOfRange, "kernel_max"),
            (.readOnlyFileSystem, "on the host itself"), (.noSuchFileOrDirectory, "try again"), (.inputOutput, "dmesg"),
            (.busy, "stop the programs in it"), (.invalidArgument, "rtshield status"), (.permissionDenied, "as root"),
        ] as [(Errno, String)])
    func numbers(errno: Errno, advice: String) throws {
        let machine = try machine()
        let write = Write(.cpus(of: "/mine"), old: .cpus([6, 7]), new: .cpus([6]), why: "")
        let error = FileError(.write, "/x", value: "6", errno)
        let refusal = Diagnosis(machine: machine, host: try Host(observing: machine)).explain(.file(error), write)
        #expect(refusal.advice.contains(advice) && !refusal.why.isEmpty && refusal.what.contains("\(errno)"))
    }

    @Test("a partition that the kernel calls invalid is refused, with the sibling that is in the way")
    func partition() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        try machine.add(group: "/late", cpus: "6-7")
        let before = machine.snapshot
        machine.observer = { machine in
            // Somebody widens a sibling just before the partition is made.
            guard machine.trace.last?.hasSuffix("/rtshield/cpuset.cpus '2-5'") == true else { return }
            try? machine.cpusets.write("5-7", to: "cpuset.cpus", of: "/late")
        }
        let error = try #require(throws: ShieldError.self) {
            try machine.create(ShieldRequest(cpus: [2, 3, 4, 5], placement: .pool(balanced: false)))
        }
        guard case .refused(let refusal) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(
            refusal.what.hasSuffix(
                "cpuset.cpus.partition became 'isolated invalid (Cpu list in cpuset.cpus not exclusive)'"))
        #expect(refusal.why.contains("/late lists CPU 5") && refusal.advice.contains("remove CPU 5 from /late"))
        try machine.cpusets.write("6-7", to: "cpuset.cpus", of: "/late")
        #expect(machine.differences(from: before) == [] && refusal.left == [])
    }

    @Test("a write that the kernel took and does not hold is refused")
    func notHeld() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.12.0")
        let before = machine.snapshot
        machine.observer = { machine in
            guard machine.trace.last?.hasSuffix("/user/cpuset.cpus '2-5'") == true else { return }
            try? machine.cpusets.write("2-4", to: "cpuset.cpus", of: "/user")
        }
        let error = try #require(throws: ShieldError.self) { try machine.create(ShieldRequest(cpus: [2, 3, 4, 5])) }
        guard case .refused(let refusal) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(refusal.cause == .notHeld(path: "/sys/fs/cgroup/cpuset/user/cpuset.cpus", wanted: "2-5", found: "2-4"))
        #expect(machine.differences(from: before) == [])
    }

    @Test("a failing systemctl is quoted, and everything is undone")
    func systemctl() throws {
        let machine = try ScriptedMachine(.systemd, kernel: "6.12.0")
        let before = machine.snapshot
        machine.systemd?.failing = ["start"]
        let error = try #require(throws: ShieldError.self) { try machine.create(ShieldRequest(cpus: [2, 3, 4, 5])) }
        guard case .refused(let refusal) = error else {
            Issue.record("\(error)")
            return
        }
        #expect(
            refusal.what
                == "'systemctl start rtshield-docker.slice rtshield-user.slice' failed with status 1: Job failed.")
        #expect(refusal.advice.contains("journalctl") && refusal.left == [])
        #expect(machine.differences(from: before) == [])
    }
}
