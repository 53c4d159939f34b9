// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing
import Text

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Plans")
struct PlanTests {
    private static let request = ShieldRequest(cpus: [2, 3, 4, 5])
    private static let container = "docker-" + String(repeating: "a", count: 64) + ".scope"

    private func pool(_ cpus: CPUSet = [2, 3, 4, 5], balanced: Bool = false) -> ShieldRequest {
        ShieldRequest(cpus: cpus, placement: .pool(balanced: balanced))
    }

    /// A plan as a person reads it: a line each step.
    private func table(_ plan: Plan) -> [String] {
        plan.steps.map { step in
            switch step {
            case .write(let write): "\(write.file.location().path): '\(write.oldText)' -> '\(write.newText)'"
            case .makeGroup(let seat): "make \(seat.path)" + (seat.isAdoptable ? " (shared)" : "")
            case .removeGroup(let seat): "remove \(seat.path)"
            case .rememberAffinities: "remember affinities"
            case .restoreAffinities: "restore affinities"
            case .sweep(let sweep): "sweep \(sweep.shield) to \(sweep.destination?.description ?? "nowhere")"
            case .tune(let tuning): "tune \(tuning.attribute.rawValue)"
            case .ban(let ban): "ban \(ban.new)"
            case .cycleCPUs(let cpus): "chase timers off \(cpus)"
            case .restoreCPU(let loss): "restore CPU \(loss.cpu)"
            case .units(let change): "units " + change.files.map(\.path).joined(separator: " ")
            }
        }
    }

    // MARK: - Open placement

    @Test("v1: groups get memory before CPUs, the parent of containers spans all, a wide container is narrowed")
    func openV1() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        try machine.add(group: "/lxc/web", cpus: "0-7")
        machine.add(task: 50, "nginx", in: "/lxc/web")
        #expect(
            table(try machine.plan(Self.request)) == [
                "remember affinities",
                "make /system", "system/cpuset.mems: '' -> '0'", "system/cpuset.cpus: '' -> '0-1,6-7'",
                "make /user", "user/cpuset.mems: '' -> '0'", "user/cpuset.cpus: '' -> '2-5'",
                "make /docker (shared)", "docker/cpuset.mems: '' -> '0'", "docker/cpuset.cpus: '' -> '0-7'",
                "make /docker/rtshield", "docker/rtshield/cpuset.mems: '' -> '0'",
                "docker/rtshield/cpuset.cpus: '' -> '2-5'",
                "lxc/web/cpuset.cpus: '0-7' -> '0-1,6-7'", "sweep 2-5 to /system",
            ])
    }

    @Test("v2 without systemd: the controller comes first and is pinned, and memory is left to be inherited")
    func openV2() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        #expect(
            table(try machine.plan(Self.request)) == [
                "cgroup.subtree_control: '-cpuset' -> '+cpuset'",
                "make /system", "system/cpuset.cpus: '' -> '0-1,6-7'", "make /user", "user/cpuset.cpus: '' -> '2-5'",
                "make /docker (shared)", "docker/cgroup.subtree_control: '-cpuset' -> '+cpuset'",
                "make /docker/rtshield", "docker/rtshield/cpuset.cpus: '' -> '2-5'", "sweep 2-5 to /system",
            ])
    }

    @Test("v2 with systemd: unit files, the wide container, and a sweep that moves nobody")
    func openSystemd() throws {
        let machine = try ScriptedMachine(.systemd, kernel: "6.12.0")
        try machine.add(group: "/system.slice/\(Self.container)", cpus: "0-7")
        machine.add(task: 50, "nginx", in: "/system.slice/\(Self.container)")
        #expect(
            table(try machine.plan(Self.request)) == [
                "units init.scope.d/50-rtshield.conf rtshield-docker.slice rtshield-user.slice service.d/50-rtshield.conf "
                    + "session-.scope.d/50-rtshield.conf",
                "system.slice/\(Self.container)/cpuset.cpus: '0-7' -> '0-1,6-7'", "sweep 2-5 to nowhere",
            ])
    }

    @Test("NUMA nodes follow the CPUs of each group on a machine of two nodes")
    func numa() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0", topology: "node:2 core:4")
        let lines = table(try machine.plan(ShieldRequest(cpus: [4, 5, 6, 7])))
        #expect(lines.contains("system/cpuset.mems: '' -> '0'") && lines.contains("user/cpuset.mems: '' -> '1'"))
    }

    // MARK: - Pool placement

    @Test("v1: room is made, engines find narrow roots, and balancing goes off at the root")
    func poolV1() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.12.0")
        try machine.add(group: "/docker/plain", cpus: "0-7")
        let lines = table(try machine.plan(pool()))
        let order = [
            "docker/plain/cpuset.cpus: '0-7' -> '0-1,6-7'", "docker/cpuset.cpus: '0-7' -> '0-1,6-7'",
            "system.slice/cpuset.cpus: '' -> '0-1,6-7'", "make /rtshield", "rtshield/cpuset.cpus: '' -> '2-5'",
            "rtshield/user/cpuset.cpus: '' -> '2-5'", "cpuset.sched_load_balance: '1' -> '0'",
            "rtshield/cpuset.sched_load_balance: '1' -> '0'", "sweep 2-5 to /system",
        ]
        #expect(lines.filter(order.contains) == order)
        #expect(!lines.contains { $0.contains("exclusive") })
        let balanced = table(try machine.plan(pool(balanced: true)))
        #expect(balanced.filter { $0.contains("balance") } == ["cpuset.sched_load_balance: '1' -> '0'"])
    }

    @Test(
        "v2: siblings are narrowed and stale reservations cleared before the partition is made",
        arguments: ["6.1.0", "6.12.0"])
    func poolV2(kernel: String) throws {
        let machine = try ScriptedMachine(.v2, kernel: kernel)
        try machine.add(group: "/wide", cpus: "0-7")
        if kernel == "6.12.0" { machine.cpusets.groups["/wide"]?.reserved = [4] }
        let lines = table(try machine.plan(pool())).filter { $0.hasPrefix("wide") || $0.contains("partition") }
        let stale = kernel == "6.12.0" ? ["wide/cpuset.cpus.exclusive: '4' -> ''"] : []
        #expect(
            lines == ["wide/cpuset.cpus: '0-7' -> '0-1,6-7'"] + stale + [
                "rtshield/cpuset.cpus.partition: 'member' -> 'isolated'"
            ])
        try machine.create(pool())
        #expect(machine.cpusets.groups["/rtshield"]?.partition == PartitionState(.isolated))
        #expect(machine.cpusets.effective("/wide") == [0, 1, 6, 7])
    }

    @Test(
        "groups that asked for shielded CPUs are named, and nothing is changed",
        arguments: [ScriptedMachine.Kind.v1, .v2, .systemd])
    func blockers(kind: ScriptedMachine.Kind) throws {
        let machine = try ScriptedMachine(kind, kernel: "6.12.0")
        try machine.add(group: "/docker/one", cpus: "3,6")
        try machine.add(group: "/docker/two", cpus: "6-7")
        try machine.add(group: "/docker/all", cpus: "0-7")
        #expect(throws: ShieldError.plan(.inTheWay(["/docker/one": [3]]))) { try machine.create(pool()) }
        #expect(machine.trace == [])
        #expect(PlanError.inTheWay(["/docker/one": [3]]).description.contains("/docker/one (CPU 3)"))
    }

    @Test(
        "a partition on CPUs of isolcpus= is refused where the kernel would refuse it",
        arguments: [("6.1.0", false), ("6.7.0", true), ("6.12.0", true), ("6.19.0", true), ("7.0.0", false)])
    func bootIsolated(kernel: String, isRefused: Bool) throws {
        let machine = try ScriptedMachine(.v2, kernel: kernel, cmdline: "isolcpus=4-5")
        if isRefused {
            #expect(throws: ShieldError.plan(.bootIsolated([4, 5]))) { try machine.plan(pool()) }
        } else {
            _ = try machine.plan(pool())
        }
        // Since 7.0 such CPUs go into isolated partitions, and into no others.
        if kernel == "6.1.0" {
            _ = try machine.plan(pool(balanced: true))
        } else {
            #expect(throws: ShieldError.plan(.bootIsolated([4, 5]))) { try machine.plan(pool(balanced: true)) }
        }
        _ = try machine.plan(Self.request)
    }

    // MARK: - What belongs to others

    @Test("a group of somebody else under a name of ours is refused, with cset named when it is exclusive")
    func taken() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        try machine.add(group: "/user", cpus: "4-7")
        #expect(throws: ShieldError.plan(.taken("/user", isExclusive: false))) { try machine.plan(Self.request) }
        try machine.cpusets.write("1", to: "cpuset.cpu_exclusive", of: "/user")
        #expect(throws: ShieldError.plan(.taken("/user", isExclusive: true))) { try machine.plan(Self.request) }
        #expect(PlanError.taken("/user", isExclusive: true).problem.fix?.contains("cset shield --reset") == true)
    }

    @Test("containers that asked for CPUs are left alone, and so is what kubelet gives out")
    func leftAlone() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.12.0")
        for (id, group, cpus) in [
            (50, "/docker/asked", "2-3"), (51, "/docker/wide", "0-7"), (52, "/kubepods/pod1/c", "0-7"),
        ] {
            try machine.add(group: group, cpus: cpus)
            machine.add(task: Int32(id), "x", in: group)
        }
        let narrowed = { () -> [String] in
            table(try machine.plan(Self.request)).filter { $0.contains("'0-7' -> '0-1,6-7'") || $0.contains("'2-3'") }
        }
        #expect(
            try narrowed() == [
                "kubepods/pod1/c/cpuset.cpus: '0-7' -> '0-1,6-7'", "docker/wide/cpuset.cpus: '0-7' -> '0-1,6-7'",
            ])
        machine.texts[KernelFile(.services, "kubelet/cpu_manager_state")] = "{\"policyName\":\"static\"}"
        #expect(try narrowed() == ["docker/wide/cpuset.cpus: '0-7' -> '0-1,6-7'"])
        machine.texts[KernelFile(.services, "kubelet/cpu_manager_state")] = "{\"policyName\":\"none\"}"
        #expect(try narrowed().count == 2)
    }

    @Test("a wide group stays as it is when a group inside it asked for CPUs")
    func mixed() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.12.0")
        try machine.add(group: "/batch/fast", cpus: "2-3")
        machine.add(task: 50, "x", in: "/batch")
        machine.add(task: 51, "x", in: "/batch/fast")
        #expect(!table(try machine.plan(Self.request)).contains { $0.hasPrefix("batch") })
    }

    // MARK: - The same again, and other CPUs

    static let placements = [ScriptedMachine.Kind.v1, .v2, .systemd, .hybridV2].flatMap { kind in
        ["6.1.0", "6.12.0"].flatMap { kernel in
            [Placement.open, .pool(balanced: true), .pool(balanced: false)].map { (kind, kernel, $0) }
        }
    }

    @Test("planning what is already there changes nothing", arguments: placements)
    func idempotent(kind: ScriptedMachine.Kind, kernel: String, placement: Placement) throws {
        let machine = try ScriptedMachine(kind, kernel: kernel)
        let group = kind == .systemd ? "/system.slice/\(Self.container)" : "/docker/plain"
        try machine.add(group: group, cpus: "0-7")
        machine.add(task: 50, "nginx", in: group)
        machine.addUsualTasks()
        let request = ShieldRequest(cpus: [2, 3, 4, 5], placement: placement)
        try machine.create(request)
        let plan = try machine.plan(request)
        #expect(plan.changesNothing, "\(table(plan))")
        let shielded = machine.snapshot
        try machine.create(request)
        // Before 6.2 what tasks chose under the shield joins the journal once.
        #expect(machine.differences(from: shielded).filter { !$0.contains("/run/rtshield/journal") } == [])
        let journal = machine.texts[Journal.file]
        try machine.create(request)
        #expect(machine.texts[Journal.file] == journal)
    }

    @Test("another placement needs a destroy first")
    func otherPlacement() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        try machine.create(Self.request)
        #expect(throws: ShieldError.plan(.otherPlacement)) { try machine.plan(pool()) }
    }
}
