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
            #expect(CgroupPath(path).owner.isEngineParent(on: try #require(kind.layout)) == isParent)
        }
    }

    @Test(
        "the slices of systemd stay wide where engines with its driver can ask for CPUs",
        arguments: ScriptedMachine.Kind.allCases)
    func slices(kind: ScriptedMachine.Kind) throws {
        let layout = try #require(kind.layout)
        #expect(CgroupPath("/system.slice").owner.isEngineParent(on: layout) == (kind != .hybridV2))
        #expect(CgroupPath("/user.slice").owner.isEngineParent(on: layout) == (kind != .hybridV2))
        #expect(!CgroupPath("/other.slice").owner.isEngineParent(on: layout))
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
        #expect(CgroupPath(path).owner.isContainer == isContainer)
        #expect(CgroupPath(path).owner.isKubelets == isKubernetes)
        #expect(CgroupPath(path).title == title)
    }

    @Test(
        "below a container or a delegation nothing is the host's, whatever it is called",
        arguments: [
            // A container with a systemd of its own, a node of kind, and the services of a user.
            ("/system.slice/docker-\(id).scope/system.slice/cron.service", "/system.slice/docker-\(id).scope"),
            ("/docker/\(id)/kubelet.slice/kubelet-kubepods.slice", nil),
            ("/lxc.payload.web/init.scope", nil), ("/lxc.payload.web/.lxc/docker/\(id)", nil),
            (
                "/user.slice/user-1.slice/user@1.service/app.slice/docker.service",
                "/user.slice/user-1.slice/user@1.service"
            ),
            ("/user.slice/user-1.slice/user@1.service/kubepods/besteffort", "/user.slice/user-1.slice/user@1.service"),
            ("/system.slice/cron.service", "/system.slice/cron.service"), ("/init.scope", "/init.scope"),
            ("/mine/cron.service", nil),
        ] as [(String, String?)])
    func delegation(path: String, unit: String?) {
        let owner = CgroupPath(path).owner
        #expect(owner.unit?.description == unit && owner.isUnit == (path == unit) && !owner.isKubelets)
        #expect(!owner.isContainer && owner.container?.isRoot != true)
    }

    @Test("what a container makes in its own cgroup belongs to it")
    func nested() {
        let container = CgroupPath("/docker/\(Self.id)")
        let inner = container.child("docker").child(Self.id)
        #expect(inner.owner.container == container && !inner.owner.isContainer && container.owner.isContainer)
        #expect(CgroupPath("/docker/rtshield").owner.container == nil)
    }
}
