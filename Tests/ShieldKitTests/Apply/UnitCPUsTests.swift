// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("The CPUs of containers that systemd keeps in scopes")
struct UnitCPUsTests {
    private static let scope = "docker-plain.scope"
    private let path = CgroupPath("/system.slice").child(scope)
    private let housekeeping: CPUSet = [0, 1, 6, 7]

    /// A machine of Debian 14, or an older kernel below the same systemd.
    private func machine(_ kernel: String = "7.2.0") throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.systemd, kernel: kernel)
        machine.systemd?.clearsLists = true
        machine.addUsualNoise()
        try machine.add(group: "/system.slice/cron.service")
        machine.add(task: 400, "cron", in: "/system.slice/cron.service")
        return machine
    }

    private func withContainer(_ kernel: String = "7.2.0") throws -> ScriptedMachine {
        let machine = try machine(kernel)
        try machine.add(group: path.description)
        // As it is on a machine on which some container asked for CPUs.
        try machine.cpusets.write("+cpuset", to: "cgroup.subtree_control", of: .root)
        try machine.cpusets.write("+cpuset", to: "cgroup.subtree_control", of: "/system.slice")
        machine.add(task: 300, "sleep", in: path.description)
        return machine
    }

    private func cpus(_ machine: ScriptedMachine) -> CPUSet { machine.cpusets.allowed(in: path) }

    private func write(_ cpus: CPUSet, _ path: CgroupPath, on machine: ScriptedMachine) {
        let write = Write(.cpus(of: path), old: .cpus([]), new: .cpus(cpus), why: "")
        #expect(FileApplier(machine: machine).apply(write) == .taken)
    }

    private func calls(_ machine: ScriptedMachine) -> [String] {
        machine.trace.filter { $0.hasPrefix("allow ") }
    }

    @Test(
        "a container that the shield narrowed stays narrowed over a reload, and is left with nothing",
        arguments: ["6.12.0", "6.18.0", "7.2.0"])
    func shield(kernel: String) throws {
        let machine = try withContainer(kernel)
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        machine.systemd?.reload(on: machine)
        #expect(cpus(machine) == housekeeping)
        try machine.create(ShieldRequest(cpus: [4, 5]))
        machine.systemd?.reload(on: machine)
        #expect(cpus(machine) == [0, 1, 2, 3, 6, 7])
        try machine.destroy()
        #expect(cpus(machine) == CPUSet(0...7))
        machine.systemd?.reload(on: machine)
        #expect(cpus(machine) == CPUSet(0...7) && machine.systemd?.properties == [:])
    }

    @Test(
        "a container that the hook narrowed stays narrowed over a reload, and is left with nothing",
        arguments: ["6.12.0", "7.2.0"])
    func hook(kernel: String) throws {
        let machine = try machine(kernel)
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(try machine.start(ShownContainer(id: Self.scope, parent: "/system.slice"), process: 300) == [])
        machine.systemd?.reload(on: machine)
        #expect(cpus(machine) == housekeeping)
        try machine.create(ShieldRequest(cpus: [4, 5]))
        try machine.followShield()
        machine.systemd?.reload(on: machine)
        #expect(cpus(machine) == [0, 1, 2, 3, 6, 7])
        try machine.destroy()
        #expect(try machine.followShield() == [])
        machine.systemd?.reload(on: machine)
        #expect(cpus(machine) == CPUSet(0...7) && machine.systemd?.properties == [:])
    }

    @Test("systemd is told only where the kernel takes the empty list, and of a unit of its own that no drop-in covers")
    func asked() throws {
        let files = [
            "system.slice/docker-1.scope", "docker-2.scope", "a.slice/a-b.slice/libpod-3.scope", "docker/4",
            "system.slice/cron.service", "user.slice/session-5.scope", "system.slice/a.service/libpod-6.scope",
            "system.slice",
        ]
        for (kernel, count) in [("6.12.0", 0), ("6.13.0", 3), ("7.2.0", 3)] {
            let machine = try ScriptedMachine(.systemd, kernel: kernel)
            for file in files {
                try machine.add(group: "/" + file, cpus: "0-7")
                write([0, 1], CgroupPath(file), on: machine)
            }
            #expect(
                calls(machine)
                    == ["docker-1.scope", "docker-2.scope", "libpod-3.scope"].prefix(count).map { "allow \($0) '0-1'" })
        }
        let other = try ScriptedMachine(.v2, kernel: "7.2.0")
        try other.add(group: "/system.slice/docker-1.scope", cpus: "0-7")
        write([0, 1], "/system.slice/docker-1.scope", on: other)
        #expect(calls(other) == [])
    }

    @Test("the file is written also where systemd is late, refuses, or does not answer", arguments: [0, 1, 2])
    func without(fault: Int) throws {
        let machine = try withContainer()
        switch fault {
        case 0: machine.systemd?.appliesReloads = false
        case 1: machine.systemd?.ended = [Self.scope]
        default: machine.faults.refusals = [(Self.scope, .timedOut)]
        }
        write([0, 1], path, on: machine)
        #expect(cpus(machine) == [0, 1] && machine.trace.count == 2)
    }

    @Test("a destroy that died before systemd was told is finished by the next")
    func death() throws {
        var change = 0
        var isDead = true
        while isDead {
            let machine = try withContainer()
            try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
            machine.faults = Faults()
            machine.faults.death = change
            _ = try? machine.destroy()
            isDead = machine.faults.isDead
            machine.revive()
            if isDead { try machine.destroy() }
            machine.systemd?.reload(on: machine)
            #expect(cpus(machine) == CPUSet(0...7) && machine.systemd?.properties == [:], "died at change \(change)")
            change += 1
        }
        #expect(change > 5)
    }
}
