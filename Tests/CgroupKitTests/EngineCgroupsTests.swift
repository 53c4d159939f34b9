// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import CgroupKit
@testable import ScriptedMachines

@Suite("What group names tell of engines")
struct EngineGroupsTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)

    @Test(
        "groups in which engines make others stay wide",
        arguments: [
            ("/", true), ("/docker", true), ("/machine.slice", true), ("/libpod_parent", true), ("/lxc.payload", true),
            ("/kubepods", true), ("/kubepods.slice/kubepods-burstable.slice", true),
            ("/kubelet-kubepods.slice/x", true),
            ("/docker/\(id)", false), ("/system.slice/cron.service", false), ("/dockers", false), ("/mine", false),
            ("/user.slice/user-1000.slice", false),
        ])
    func parents(path: String, isParent: Bool) throws {
        for kind in ScriptedMachine.Kind.allCases {
            #expect(EngineCgroups.isParent(CgroupPath(path), layout: try #require(kind.layout)) == isParent)
        }
    }

    @Test(
        "the slices of systemd stay wide where engines with its driver can ask for CPUs",
        arguments: ScriptedMachine.Kind.allCases)
    func slices(kind: ScriptedMachine.Kind) throws {
        let layout = try #require(kind.layout)
        #expect(EngineCgroups.isParent("/system.slice", layout: layout) == (kind != .hybridV2))
        #expect(EngineCgroups.isParent("/user.slice", layout: layout) == (kind != .hybridV2))
        #expect(!EngineCgroups.isParent("/other.slice", layout: layout))
    }

    @Test(
        "containers and pods are known by their names",
        arguments: [
            ("/system.slice/docker-\(id).scope", true, false, "docker 0123456789ab"),
            ("/machine.slice/libpod-\(id).scope", true, false, "podman 0123456789ab"),
            ("/system.slice/rt.service/libpod-payload-\(id)", true, false, "podman 0123456789ab"),
            ("/system.slice/rt.service/runtime", false, false, "/system.slice/rt.service/runtime"),
            ("/docker/\(id)", true, false, "docker 0123456789ab"),
            ("/kubepods.slice/kubepods-pod1.slice/cri-containerd-\(id).scope", true, true, "container 0123456789ab"),
            ("/kubepods.slice/kubepods-pod1.slice/crio-\(id).scope", true, true, "crio 0123456789ab"),
            ("/kubepods/besteffort/pod1", false, true, "/kubepods/besteffort/pod1"),
            ("/lxc.payload.web", true, false, "/lxc.payload.web"),
            ("/system.slice/cron.service", false, false, "/system.slice/cron.service"),
            ("/user.slice/user-1.slice/session-2.scope", false, false, "/user.slice/user-1.slice/session-2.scope"),
            ("/mykubepods", false, false, "/mykubepods"),
        ])
    func names(path: String, isContainer: Bool, isKubernetes: Bool, title: String) {
        #expect(EngineCgroups.isContainer(CgroupPath(path)) == isContainer)
        #expect(EngineCgroups.isKubernetes(CgroupPath(path)) == isKubernetes)
        #expect(EngineCgroups.title(of: CgroupPath(path)) == title)
    }
}
