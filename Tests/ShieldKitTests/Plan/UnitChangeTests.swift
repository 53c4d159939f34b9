// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Unit files for systemd")
struct UnitChangeTests {
    private func draft(
        _ placement: Placement = .open, on machine: ScriptedMachine, applied: AppliedState = AppliedState()
    ) throws -> PlanDraft {
        let host = try Host(observing: machine)
        let shield = try Shield(
            ShieldRequest(cpus: [2, 3, 4, 5], placement: placement), topology: host.topology, boot: host.boot)
        return PlanDraft(host: host, shield: shield, applied: applied)
    }

    @Test("services, sessions and PID 1 are narrowed by their types, and each partition is a slice")
    func open() throws {
        let files = SystemdUnits(in: try draft(on: try ScriptedMachine(.systemd, kernel: "6.1.0"))).open()
        let head = "# Written by rtshield; 'rtshield destroy' removes it.\n"
        #expect(files["service.d/50-rtshield.conf"]?.text == head + "[Service]\nAllowedCPUs=0-1,6-7\n")
        #expect(files["init.scope.d/50-rtshield.conf"]?.text == head + "[Scope]\nAllowedCPUs=0-1,6-7\n")
        #expect(files["session-.scope.d/50-rtshield.conf"]?.text == head + "[Scope]\nAllowedCPUs=0-1,6-7\n")
        #expect(
            files["rtshield-user.slice"]?.text == head
                + "[Unit]\nDescription=Shielded CPUs of partition user\n\n[Slice]\nAllowedCPUs=2-5\n")
        #expect(files["rtshield-docker.slice"]?.text.contains("AllowedCPUs=2-5\n") == true)
        // Docker's scopes live there, and systemd would merge its list with theirs.
        #expect(files.keys.allSatisfy { !$0.hasPrefix("system.slice") && !$0.hasPrefix("docker-") })
    }

    @Test("a pool narrows nobody: the kernel takes its CPUs away from the others")
    func pool() throws {
        let files = SystemdUnits(
            in: try draft(.pool(balanced: false), on: try ScriptedMachine(.systemd, kernel: "6.1.0"))
        ).pool()
        #expect(files.keys.sorted() == ["rtshield-docker.slice", "rtshield-user.slice", "rtshield.slice"])
        #expect(files["rtshield.slice"]?.text.contains("[Slice]\nAllowedCPUs=2-5\n") == true)
    }

    @Test("NUMA nodes are only named where they differ from all there are")
    func memory() throws {
        let machine = try ScriptedMachine(.systemd, kernel: "6.1.0", topology: "node:2 core:4")
        let host = try Host(observing: machine)
        let shield = try Shield(ShieldRequest(cpus: [4, 5, 6, 7]), topology: host.topology, boot: host.boot)
        let files = SystemdUnits(in: PlanDraft(host: host, shield: shield, applied: AppliedState())).open()
        #expect(files["rtshield-user.slice"]?.text.hasSuffix("AllowedCPUs=4-7\nAllowedMemoryNodes=1\n") == true)
        #expect(files["service.d/50-rtshield.conf"]?.text.hasSuffix("AllowedCPUs=0-3\nAllowedMemoryNodes=0\n") == true)
    }

    @Test("a service with CPUs of its own keeps them, over a resize too")
    func exempt() throws {
        let machine = try ScriptedMachine(.systemd, kernel: "6.12.0")
        machine.systemd?.own = ["radio.service": "2-3"]
        try machine.add(group: "/system.slice/radio.service", cpus: "2-3")
        try machine.add(group: "/system.slice/cron.service")
        let before = machine.snapshot
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(machine.cpusets.groups["/system.slice/radio.service"]?.cpus == [2, 3])
        #expect(machine.cpusets.groups["/system.slice/cron.service"]?.cpus == [0, 1, 6, 7])
        try machine.create(ShieldRequest(cpus: [3, 4]))
        #expect(machine.cpusets.groups["/system.slice/radio.service"]?.cpus == [2, 3])
        #expect(machine.cpusets.groups["/system.slice/cron.service"]?.cpus == [0, 1, 2, 5, 6, 7])
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    @Test(
        "a service whose container asked for CPUs has them too, as Quadlet starts them; the next look finds later ones")
    func quadlet() throws {
        let machine = try ScriptedMachine(.systemd, kernel: "6.12.0")
        let service = CgroupPath("/system.slice/rt.service")
        let payload = service.child("libpod-payload-\(String(repeating: "a", count: 64))")
        try machine.add(group: service.description)
        try machine.add(group: payload.description, cpus: "3")
        let before = machine.snapshot
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(machine.cpusets.groups[service]?.cpus == [0, 1, 3, 6, 7])
        #expect(machine.cpusets.effective(payload) == [3])
        machine.clearTrace()
        try machine.create(ShieldRequest(cpus: [2, 3, 4, 5]))
        #expect(machine.trace == [])
        try machine.create(ShieldRequest(cpus: [3, 4]))
        #expect(machine.cpusets.groups[service]?.cpus == [0, 1, 2, 3, 5, 6, 7])
        try machine.cpusets.write("4", to: "cpuset.cpus", of: payload)
        try machine.create(ShieldRequest(cpus: [3, 4]))
        // systemd applies a drop-in of one service a moment later.
        machine.pause()
        #expect(machine.cpusets.groups[service]?.cpus == [0, 1, 2, 4, 5, 6, 7])
        try machine.cpusets.write("3", to: "cpuset.cpus", of: payload)
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    @Test("a user's own services are given nothing: their manager keeps house")
    func rootless() throws {
        let machine = try ScriptedMachine(.systemd, kernel: "6.12.0")
        let service = "/user.slice/user-1.slice/user@1.service/app.slice/x.service"
        try machine.add(group: service + "/libpod-payload-b", cpus: "4")
        try machine.add(group: "/system.slice/y.service/libpod-payload-c", cpus: "5-6")
        let files = SystemdUnits(in: try draft(on: machine)).open()
        #expect(files["x.service.d/60-rtshield.conf"] == nil && files["user@1.service.d/60-rtshield.conf"] == nil)
        #expect(files["y.service.d/60-rtshield.conf"]?.text.hasSuffix("AllowedCPUs=\nAllowedCPUs=0-1,5-7\n") == true)
    }

    @Test("the inverse of a change takes its files away and stops what it started")
    func inverse() throws {
        let machine = try ScriptedMachine(.systemd, kernel: "6.1.0")
        var draft = try draft(on: machine)
        draft.setUnits(SystemdUnits(in: draft).open())
        guard case .units(let change)? = draft.steps.first else {
            Issue.record("no change of units in \(draft.steps)")
            return
        }
        #expect(change.start == ["rtshield-docker.slice", "rtshield-user.slice"] && change.stop == [])
        #expect(change.given.map(\.description) == ["0-1,6-7", "2-5"] && change.givenBefore == [])
        let inverse = change.inverse
        #expect(
            inverse.start == [] && inverse.stop == change.start && inverse.given == []
                && inverse.givenBefore == change.given)
        #expect(inverse.files.allSatisfy { $0.new == nil && $0.old != nil })
        #expect(inverse.inverse == change)
    }

    @Test(
        "systemd nests slices by their dashes",
        arguments: [
            ("rtshield.slice", "/rtshield.slice"), ("rtshield-user.slice", "/rtshield.slice/rtshield-user.slice"),
        ])
    func nesting(slice: String, path: String) {
        #expect(SystemdUnits.group(of: slice).description == path)
    }

    @Test(
        "the topmost unit is narrowed, and groups that a unit made itself are its own affair",
        arguments: [
            ("/system.slice/cron.service", true), ("/init.scope", true),
            ("/user.slice/user-0.slice/session-1.scope", true),
            ("/user.slice/user-1000.slice/user@1000.service", true),
            ("/user.slice/user-1000.slice/user@1000.service/app.slice/x.service", false),
            ("/user.slice/user-1000.slice/user@1000.service/init.scope", false),
            ("/system.slice", false), ("/system.slice/docker-1.scope", false),
            ("/system.slice/cron.service/inner", false),
        ])
    func narrowed(path: String, itself: Bool) {
        #expect(SystemdUnits.isNarrowedItself(CgroupPath(path)) == itself)
        #expect(SystemdUnits.isNarrowed(CgroupPath(path)) == (itself || path.contains(".service")))
    }
}
