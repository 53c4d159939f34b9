// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ScriptedMachines

@Suite("Groups")
struct GroupTests {
    @Test(
        "what a partition file says is understood",
        arguments: [
            ("member\n", .member, nil), ("root\n", .root, nil), ("isolated", .isolated, nil),
            ("root invalid (Parent is not a partition root)\n", .root, "Parent is not a partition root"),
            ("isolated invalid (Cpu list (x) not exclusive)\n", .isolated, "Cpu list (x) not exclusive"),
            ("isolated invalid\n", .isolated, ""),
        ] as [(String, PartitionState.Kind, String?)])
    func partition(text: String, kind: PartitionState.Kind, reason: String?) throws {
        let state = try #require(PartitionState(text))
        #expect(state.kind == kind && state.invalidReason == reason && state.isValid == (reason == nil))
        #expect(state.description == text.trimmingASCIISpace())
    }

    @Test(
        "what is no partition is refused",
        arguments: ["", "\n", "exclusive", "isolated valid", "root invalid why", "root invalid (why", "rootinvalid"])
    func noPartition(text: String) {
        #expect(PartitionState(text) == nil)
    }

    @Test("a path is read, written, and compared by its names")
    func paths() {
        let path: CgroupPath = "/docker//abc/"
        #expect(path.description == "/docker/abc" && path.name == "abc" && path.depth == 2 && path.parent == "/docker")
        #expect(path.ancestry.map(\.description) == ["/", "/docker", "/docker/abc"])
        #expect(path.isWithin("/docker") && path.isWithin(.root) && path.isWithin(path) && !path.isWithin("/dock"))
        #expect(
            CgroupPath.root.parent.isRoot && CgroupPath.root.description == "/" && CgroupPath.root.ancestry == [.root])
        #expect(path.file("cpuset.cpus").path == "docker/abc/cpuset.cpus" && CgroupPath.root.directory.path.isEmpty)
        #expect(CgroupPath("/a/b") < CgroupPath("/a-b"))
    }

    @Test("a tree lists parents before children and siblings by name")
    func order() {
        let paths = ["/b/c/d", "/a.slice", "/", "/b", "/a/z", "/b/c", "/a"]
        let tree = CgroupTree(paths.map { Cgroup(CgroupPath($0)) })
        #expect(tree.all.map(\.path.description) == ["/", "/a", "/a/z", "/a.slice", "/b", "/b/c", "/b/c/d"])
        #expect(tree.below("/b").map(\.path.description) == ["/b/c", "/b/c/d"])
        #expect(tree.children(of: .root).map(\.path.description) == ["/a", "/a.slice", "/b"])
        #expect(tree["/none"] == nil && tree.below("/none").isEmpty)
    }

    @Test("a v1 group is read with its flags")
    func v1() throws {
        let machine = try ScriptedMachine(.v1, kernel: "6.1.0")
        try machine.add(group: "/docker/one", cpus: "2-3")
        machine.add(task: 50, "sleep", in: "/docker/one")
        machine.cpusets.groups["/docker"]?.isExclusive = true
        machine.cpusets.groups["/docker/one"]?.isBalanced = false
        let tree = try Host(observing: machine).groups
        #expect(tree.root.effective == CPUSet(0...7) && tree.root.hasTasks && tree.root.isExclusive)
        #expect(
            tree["/docker"]?.isExclusive == true && tree["/docker"]?.isBalanced == true
                && tree["/docker"]?.hasTasks == false)
        let one = try #require(tree["/docker/one"])
        #expect(one.cpus == [2, 3] && one.effective == [2, 3] && one.mems == [0] && one.partition == nil)
        #expect(!one.isExclusive && !one.isBalanced && one.hasTasks && one.subtreeControl.isEmpty)
    }

    @Test("a v2 group has what the controller above gives it")
    func v2() throws {
        let machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        try machine.add(group: "/bare/inner")
        try machine.add(group: "/pool/one", cpus: "")
        try machine.cpusets.write("2-3", to: "cpuset.cpus", of: "/pool")
        try machine.cpusets.write("isolated", to: "cpuset.cpus.partition", of: "/pool")
        try machine.cpusets.write("5", to: "cpuset.cpus.exclusive", of: "/bare")
        let tree = try Host(observing: machine).groups
        #expect(
            tree.root.cpus == nil && tree.root.effective == [0, 1, 4, 5, 6, 7]
                && tree.root.subtreeControl.contains("cpuset"))
        #expect(tree["/bare"]?.cpus == [] && tree["/bare"]?.reserved == [5] && tree["/bare"]?.subtreeControl == ["cpu"])
        #expect(tree["/bare/inner"]?.cpus == nil && tree["/bare/inner"]?.partition == nil)
        #expect(tree["/pool"]?.partition == PartitionState(.isolated) && tree["/pool"]?.effective == [2, 3])
        #expect(tree["/pool/one"]?.cpus == [] && tree["/pool/one"]?.effective == [2, 3])
    }
}
