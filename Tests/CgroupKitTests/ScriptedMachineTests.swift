// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ScriptedMachines

@Suite("The imitated kernel keeps the rules that were measured on real ones")
struct ScriptedMachineTests {
    private func cpusets(_ version: CgroupLayout.Version, _ kernel: KernelVersion) throws -> Cpusets {
        Cpusets(version, kernel: kernel, topology: try #require(Topology(synthetic: "core:8")))
    }

    /// `a` with 0-3, and `a/b` with 0-1, in which task 10 is.
    private func v1(_ kernel: KernelVersion = KernelVersion(6, 1)) throws -> Cpusets {
        var cpusets = try cpusets(.v1, kernel)
        for (path, cpus) in [("/a", "0-3"), ("/a/b", "0-1")] as [(CgroupPath, String)] {
            try cpusets.makeDirectory(path)
            try cpusets.write("0", to: "cpuset.mems", of: path)
            try cpusets.write(cpus, to: "cpuset.cpus", of: path)
        }
        try cpusets.makeDirectory("/fresh")
        for id in [10, 11, 12] as [Int32] { cpusets.tasks[id] = task(id) }
        cpusets.tasks[12]?.flags = ScriptedTask.kernel | ScriptedTask.bound
        try cpusets.write("10", to: "tasks", of: "/a/b")
        return cpusets
    }

    private func task(_ id: Int32, affinity: CPUSet = CPUSet(0...7), chosen: CPUSet? = nil) -> ScriptedTask {
        ScriptedTask(
            id: id, process: id, name: "x", flags: 0, parent: 1, startTime: 1, group: .root, affinity: affinity,
            chosen: chosen)
    }

    @Test(
        "cgroup v1 refuses with these errors",
        arguments: [
            ("/fresh", "tasks", "11", .noSpace), ("/a/b", "cpuset.cpus", "", .noSpace),
            ("/", "cpuset.cpus", "0", .permissionDenied),
            ("/a/b", "cpuset.cpus", "0-4", .permissionDenied), ("/a", "cpuset.cpus", "0", .busy),
            ("/a", "cpuset.cpus", "0-99", .outOfRange), ("/a", "cpuset.cpus", "3-1", .invalidArgument),
            ("/a/b", "tasks", "12", .invalidArgument), ("/a/b", "tasks", "99", .noSuchProcess),
            ("/a/b", "cpuset.cpu_exclusive", "1", .permissionDenied), ("/none", "tasks", "11", .noSuchFileOrDirectory),
        ] as [(CgroupPath, String, String, Errno)])
    func refusals(path: CgroupPath, name: String, value: String, errno: Errno) throws {
        var cpusets = try v1()
        #expect(throws: errno) { try cpusets.write(value, to: name, of: path) }
    }

    @Test("cgroup v1: an exclusive group keeps its siblings off its CPUs, in either direction")
    func exclusive() throws {
        var cpusets = try v1()
        try cpusets.write("1", to: "cpuset.cpu_exclusive", of: "/a")
        #expect(throws: Errno.invalidArgument) { try cpusets.write("3-4", to: "cpuset.cpus", of: "/fresh") }
        try cpusets.write("4", to: "cpuset.cpus", of: "/fresh")
        try cpusets.write("0", to: "cpuset.cpu_exclusive", of: "/a")
        try cpusets.write("3-4", to: "cpuset.cpus", of: "/fresh")
        #expect(throws: Errno.invalidArgument) { try cpusets.write("1", to: "cpuset.cpu_exclusive", of: "/a") }
    }

    @Test("a group goes only when it is empty")
    func removal() throws {
        var cpusets = try v1()
        #expect(throws: Errno.busy) { try cpusets.removeDirectory("/a") }
        #expect(throws: Errno.busy) { try cpusets.removeDirectory("/a/b") }
        try cpusets.write("10", to: "tasks", of: .root)
        try cpusets.removeDirectory("/a/b")
        try cpusets.removeDirectory("/a")
    }

    @Test(
        "before 6.2 a cpuset overwrites affinities, and from then on it narrows them for a time",
        arguments: [(1, "0-7"), (2, "1,6")])
    func affinities(minor: Int, after: String) throws {
        var cpusets = try v1(KernelVersion(6, minor))
        try cpusets.setAffinity([1, 6], of: 11)
        try cpusets.write("11", to: "tasks", of: "/a/b")
        #expect(try cpusets.affinity(of: 11) == (minor == 1 ? [0, 1] : [1]))
        try cpusets.write("11", to: "tasks", of: .root)
        #expect(try cpusets.affinity(of: 11).description == after)
        #expect(throws: Errno.invalidArgument) { try cpusets.setAffinity([3], of: 12) }
        #expect(throws: Errno.invalidArgument) { try cpusets.setAffinity([3], of: 10) }
    }

    // MARK: - cgroup v2

    private func v2(_ kernel: KernelVersion) throws -> Cpusets {
        var cpusets = try cpusets(.v2, kernel)
        for path in ["/a", "/a/b", "/pool"] as [CgroupPath] { try cpusets.makeDirectory(path) }
        try cpusets.write("+cpuset", to: "cgroup.subtree_control", of: .root)
        try cpusets.write("2-5", to: "cpuset.cpus", of: "/pool")
        return cpusets
    }

    @Test("cgroup v2: files come with the controller and go with it, unless a child hands it on")
    func controller() throws {
        var cpusets = try v2(KernelVersion(6, 12))
        #expect(throws: Errno.noSuchFileOrDirectory) { try cpusets.read("cpuset.cpus", of: "/a/b") }
        try cpusets.write("+cpuset", to: "cgroup.subtree_control", of: "/a")
        #expect(try cpusets.read("cpuset.cpus", of: "/a/b") == "\n")
        #expect(throws: Errno.busy) { try cpusets.write("-cpuset", to: "cgroup.subtree_control", of: .root) }
        try cpusets.write("-cpuset", to: "cgroup.subtree_control", of: "/a")
        try cpusets.write("-cpuset", to: "cgroup.subtree_control", of: .root)
        #expect(throws: Errno.noSuchFileOrDirectory) { try cpusets.read("cpuset.cpus", of: "/pool") }
        try cpusets.write("+cpuset", to: "cgroup.subtree_control", of: .root)
        #expect(try cpusets.read("cpuset.cpus", of: "/pool") == "\n")
    }

    @Test("cgroup v2: lists inherit when they are empty or foreign, and a partition takes its CPUs from all others")
    func effective() throws {
        var cpusets = try v2(KernelVersion(6, 12))
        #expect(cpusets.effective("/a/b") == CPUSet(0...7) && cpusets.effective("/pool") == [2, 3, 4, 5])
        try cpusets.write("isolated", to: "cpuset.cpus.partition", of: "/pool")
        #expect(cpusets.effective("/a/b") == [0, 1, 6, 7] && cpusets.effective(.root) == [0, 1, 6, 7])
        try cpusets.write("+cpuset", to: "cgroup.subtree_control", of: "/a")
        try cpusets.write("2-3", to: "cpuset.cpus", of: "/a/b")
        #expect(cpusets.effective("/a/b") == [0, 1, 6, 7] && cpusets.groups["/pool"]?.partition.isValid == true)
    }

    @Test(
        "cgroup v2: before 7.0 a sibling that overlaps turns a partition invalid, although its write succeeds",
        arguments: [
            (KernelVersion(6, 1), false, false), (KernelVersion(6, 12), false, true), (KernelVersion(7, 0), true, true),
        ])
    func overlap(kernel: KernelVersion, stays: Bool, heals: Bool) throws {
        var cpusets = try v2(kernel)
        try cpusets.write("isolated", to: "cpuset.cpus.partition", of: "/pool")
        try cpusets.write("5-6", to: "cpuset.cpus", of: "/a")
        let reason = stays ? "" : " invalid (Cpu list in cpuset.cpus not exclusive)"
        #expect(try cpusets.read("cpuset.cpus.partition", of: "/pool") == "isolated\(reason)\n")
        #expect(cpusets.effective("/a") == (stays ? [6] : [5, 6]))
        try cpusets.write("6", to: "cpuset.cpus", of: "/a")
        try cpusets.write("isolated", to: "cpuset.cpus.partition", of: "/pool")
        #expect(cpusets.groups["/pool"]?.partition.isValid == heals)
        try cpusets.write("member", to: "cpuset.cpus.partition", of: "/pool")
        try cpusets.write("isolated", to: "cpuset.cpus.partition", of: "/pool")
        #expect(cpusets.groups["/pool"]?.partition.isValid == true)
    }

    @Test("cgroup v2: enabling the controller wipes affinities before 6.2", arguments: [1, 12])
    func wiping(minor: Int) throws {
        var cpusets = try cpusets(.v2, KernelVersion(6, minor))
        try cpusets.makeDirectory("/a")
        cpusets.tasks[10] = task(10, affinity: [3], chosen: [3])
        cpusets.tasks[10]?.group = "/a"
        try cpusets.write("+cpuset", to: "cgroup.subtree_control", of: .root)
        #expect(try cpusets.affinity(of: 10) == (minor == 1 ? CPUSet(0...7) : [3]))
    }
}
