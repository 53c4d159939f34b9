// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("The choice of a strategy")
struct StrategyChoiceTests {
    /// What decides, as mountinfo has it.
    private static let v1 = "33 25 0:29 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
    private static let bare = "33 25 0:29 / /dev/cpuset rw - cgroup cpuset rw,cpuset,noprefix\n"
    private static let shared = "33 25 0:29 / /sys/fs/cgroup/cpu,cpuset rw - cgroup cgroup rw,cpu,cpuset\n"
    private static let named = "34 25 0:30 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n"
    private static let v2 = "35 25 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n"
    private static let unified = "35 25 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
    private static let bound = "35 25 0:26 /docker/x /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"

    private func layout(_ mountinfo: String, controllers: [String], systemd: Bool) -> CgroupLayout? {
        CgroupLayout(mounts: Mount.parse(mountinfo), controllers: { _ in controllers }, hasSystemd: systemd)
    }

    @Test(
        "mountinfo and the init decide",
        arguments: [
            (v1, [], false, "v1", "cpuset.cpus", "cgroup v1"),
            (bare, [], false, "v1", "cpus", "cgroup v1"),
            (shared + named, [], true, "v1", "cpuset.cpus", "cgroup v1"),
            (v2, ["cpuset", "cpu"], false, "v2", "cpuset.cpus", "cgroup v2"),
            (v2, ["cpuset", "cpu"], true, "v2-systemd", "cpuset.cpus", "cgroup v2"),
            (named + v1 + unified, ["pids"], true, "v1", "cpuset.cpus", "hybrid cgroups, cpuset on v1"),
            (named + unified, ["cpuset"], true, "v2", "cpuset.cpus", "hybrid cgroups, cpuset on v2"),
        ] as [(String, [String], Bool, String, String, String)])
    func choice(
        mountinfo: String, controllers: [String], systemd: Bool, strategy: String, cpus: String, title: String
    ) throws {
        let layout = try #require(self.layout(mountinfo, controllers: controllers, systemd: systemd))
        let choice = chooseStrategy(for: layout).choice
        #expect(choice.name == strategy && layout.name("cpus") == cpus && layout.title == title)
        #expect(choice.reason.contains("cpuset"))
    }

    @Test(
        "without the controller there is no layout",
        arguments: [(v2, ["pids"]), (named + unified, []), (bound, ["cpuset"]), ("", [])])
    func none(mountinfo: String, controllers: [String]) {
        #expect(layout(mountinfo, controllers: controllers, systemd: true) == nil)
    }

    @Test("an engine is told a parent that its driver takes")
    func engineParents() {
        #expect(CpusetV1Strategy().engineParent(of: "docker") == "/rtshield/docker")
        #expect(CpusetV2Strategy().engineParent(of: "audio") == "/rtshield/audio")
        #expect(SystemdStrategy().engineParent(of: "docker") == "rtshield-docker.slice")
    }

    @Test(
        "programs of the containers' partition sit below the parent that stays wide, and never in an inner group of v2")
    func seats() {
        let pool = Placement.pool(balanced: true)
        #expect(CpusetV1Strategy().cgroup(of: "user", placement: .open) == "/user")
        #expect(CpusetV1Strategy().cgroup(of: "docker", placement: .open) == "/docker/rtshield")
        #expect(CpusetV1Strategy().cgroup(of: "docker", placement: pool) == "/rtshield/docker")
        #expect(CpusetV2Strategy().cgroup(of: "docker", placement: pool) == "/rtshield/docker/rtshield")
        #expect(CpusetV2Strategy().cgroup(of: "user", placement: pool) == "/rtshield/user")
        #expect(SystemdStrategy().cgroup(of: "user", placement: .open) == nil)
    }
}
