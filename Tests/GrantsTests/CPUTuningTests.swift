// SPDX-License-Identifier: Apache-2.0

import Containers
import Grants
import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("Quota and files of single CPUs")
struct CPUTuningTests {
    private static let pod = "/kubepods.slice/kubepods-pod1.slice"
    private static let scope = "cri-containerd-\(String(repeating: "ab", count: 32)).scope"

    private func quota(_ path: String, _ kind: ScriptedMachine.Kind) -> KernelFile {
        KernelFile(.cpu, path.dropFirst() + (kind == .v1 ? "/cpu.cfs_quota_us" : "/cpu.max"))
    }

    private func unlimited(_ kind: ScriptedMachine.Kind) -> String { kind == .v1 ? "-1" : "max" }

    /// A container in a pod, with a group for its program inside its own as crun makes it, and a quota each.
    private func machine(_ kind: ScriptedMachine.Kind) throws -> (ScriptedMachine, Grant) {
        let machine = try ScriptedMachine(kind, kernel: "6.12.0")
        var grant = try machine.launch(Self.scope, cpus: [2], process: 300, in: Self.pod)
        grant.features[.quota] = .disabled
        for path in ["/kubepods.slice", Self.pod, "\(Self.pod)/\(Self.scope)"] {
            machine.texts[quota(path, kind)] = "20000\n"
        }
        return (machine, grant)
    }

    @Test(
        "the quota of a pod and of its container ends, the pod's first, and no other's",
        arguments: [ScriptedMachine.Kind.v1, .v2])
    func pod(kind: ScriptedMachine.Kind) throws {
        var (machine, grant) = try machine(kind)
        grant.isPod = true
        machine.clearTrace()
        #expect(try machine.give(grant, strict: [.quota]) == [])
        let writes = machine.trace.filter { $0.contains("quota") || $0.contains("cpu.max") }
        let files = [Self.pod, "\(Self.pod)/\(Self.scope)"].map { quota($0, kind) }
        #expect(writes == files.map { "write \(machine.path(of: $0)) '\(unlimited(kind))'" })
        #expect(machine.held(quota("/kubepods.slice", kind)) == "20000")
    }

    @Test("without a pod only its own ends, and that of a group inside it", arguments: [ScriptedMachine.Kind.v1, .v2])
    func alone(kind: ScriptedMachine.Kind) throws {
        var (machine, grant) = try machine(kind)
        grant.budgetGroup = grant.budgetGroup.child("container")
        machine.texts[quota(grant.budgetGroup.description, kind)] = "20000\n"
        #expect(try machine.give(grant, strict: [.quota]) == [])
        #expect(machine.held(quota(Self.pod, kind)) == "20000")
        #expect(machine.held(quota(grant.group.description, kind)) == unlimited(kind))
        #expect(machine.held(quota(grant.budgetGroup.description, kind)) == unlimited(kind))
    }

    @Test("where nobody gives out time there is no quota to end", arguments: [ScriptedMachine.Kind.v1, .v2])
    func absent(kind: ScriptedMachine.Kind) throws {
        let machine = try ScriptedMachine(kind, kernel: "6.12.0")
        var grant = try machine.launch("a", cpus: [2], process: 300)
        grant.features[.quota] = .disabled
        #expect(try machine.give(grant, strict: [.quota]) == [])
    }

    @Test("a quota that cannot be ended is told, or keeps a container from starting that must have none")
    func refused() throws {
        let (machine, grant) = try machine(.v2)
        machine.faults.refusals = [("cpu.max", .permissionDenied)]
        #expect(try machine.give(grant).map(\.feature) == [.quota])
        #expect(throws: GrantError.self) { try machine.give(grant, strict: [.quota]) }
        #expect(machine.texts[Ledger.file] == nil)
    }

    // MARK: - Single CPUs

    private static func latency(_ cpu: Int) -> KernelFile {
        KernelFile(.sys, "devices/system/cpu/cpu\(cpu)/power/pm_qos_resume_latency_us")
    }

    private func tuned() throws -> ScriptedMachine {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        for cpu in 0..<8 { machine.texts[Self.latency(cpu)] = "0\n" }
        return machine
    }

    private func grant(_ id: String, _ latency: String?, cpus: CPUSet, process: Int32, on machine: ScriptedMachine)
        throws -> Grant
    {
        var grant = try machine.launch(id, cpus: cpus, process: process)
        grant.features[.idleStates] = latency.map { .value($0) }
        return grant
    }

    @Test("the last that has a CPU decides, and each end goes back to who has it still", arguments: [true, false])
    func owners(isFirstFirst: Bool) throws {
        let machine = try tuned()
        let first = try grant("a", "n/a", cpus: [2, 3], process: 300, on: machine)
        let second = try grant("b", "20", cpus: [3, 4], process: 301, on: machine)
        try machine.give(first)
        try machine.give(second)
        #expect((1...5).map { machine.held(Self.latency($0)) } == ["0", "n/a", "20", "20", "0"])
        try machine.end(isFirstFirst ? first : second)
        let left = isFirstFirst ? ["0", "0", "20", "20", "0"] : ["0", "n/a", "n/a", "0", "0"]
        #expect((1...5).map { machine.held(Self.latency($0)) } == left)
        try machine.end(isFirstFirst ? second : first)
        #expect((1...5).allSatisfy { machine.held(Self.latency($0)) == "0" } && machine.texts[Ledger.file] == nil)
    }

    @Test("a container that was started again does not make its own value that of before")
    func restart() throws {
        let machine = try tuned()
        let first = try grant("a", "n/a", cpus: [2], process: 300, on: machine)
        try machine.give(first)
        try machine.vanish(first)
        let again = try grant("a", "n/a", cpus: [2], process: 301, on: machine)
        try machine.give(again)
        try machine.end(again)
        #expect(machine.held(Self.latency(2)) == "0" && machine.texts[Ledger.file] == nil)
    }

    @Test("a container that requests the value that is there leaves no trace in the ledger")
    func same() throws {
        let machine = try tuned()
        let grant = try grant("a", "0", cpus: [2], process: 300, on: machine)
        #expect(try machine.give(grant) == [])
        #expect(try machine.granting().ledger.originals == [])
    }

    @Test("an energy-performance preference is written behind the governor, comes back with it, and may be missing")
    func preference() throws {
        let machine = try tuned()
        func file(_ cpu: Int, _ name: String) -> KernelFile {
            KernelFile(.sys, "devices/system/cpu/cpu\(cpu)/cpufreq/\(name)")
        }
        var grant = try machine.launch("a", cpus: [2], process: 300)
        grant.features = [.energyPerformance: .value("balance_power"), .governor: .value("powersave")]
        #expect(try machine.give(grant, strict: []).map(\.feature) == [.governor, .energyPerformance])
        machine.texts[file(2, "scaling_governor")] = "performance\n"
        machine.texts[file(2, "energy_performance_preference")] = "performance\n"
        machine.clearTrace()
        #expect(try machine.give(grant, strict: [.energyPerformance]) == [])
        let written = machine.trace.filter { $0.contains("cpufreq") }
        #expect(
            written.map { $0.split(separator: "/").last ?? "" } == [
                "scaling_governor 'powersave'", "energy_performance_preference 'balance_power'",
            ])
        try machine.end(grant)
        #expect(machine.held(file(2, "energy_performance_preference")) == "performance")
        #expect(machine.texts[Ledger.file] == nil)
    }

    @Test("a machine without frequency governors has none to give, and says so")
    func missing() throws {
        let machine = try tuned()
        var grant = try grant("a", nil, cpus: [2], process: 300, on: machine)
        grant.features[.governor] = .value("performance")
        #expect(try machine.give(grant, strict: []).map(\.feature) == [.governor])
        #expect(throws: GrantError.self) { _ = try machine.give(grant, strict: [.governor]) }
    }
}
