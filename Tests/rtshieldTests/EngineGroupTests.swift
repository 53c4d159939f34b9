// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Testing

@Suite("Groups of engines")
struct EngineGroupTests {
    private static let id = String(repeating: "0123456789abcdef", count: 4)

    @Test(
        "the group of a container is known by its name",
        arguments: [
            ("/docker/\(id)", true), ("/system.slice/docker-\(id).scope", true),
            ("/machine.slice/libpod-\(id).scope", true),
            ("/machine.slice/libpod-conmon-\(id).scope", false), ("/kubepods/burstable/pod12/\(id)", true),
            ("/kubepods/burstable/pod12", false), ("/system.slice/ssh.service", false), ("/docker", false),
        ])
    func containers(path: String, isContainer: Bool) {
        #expect(CgroupPath(path).owner.isContainer == isContainer)
    }

    @Test(
        "a container is called by its engine and a short id",
        arguments: [
            ("/docker/\(id)", "docker 0123456789ab"), ("/machine.slice/libpod-\(id).scope", "podman 0123456789ab"),
            ("/user/task", "/user/task"),
        ])
    func title(path: String, title: String) { #expect(CgroupPath(path).title == title) }
}
