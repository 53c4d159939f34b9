// SPDX-License-Identifier: Apache-2.0

import Containers
import Testing

@Suite("Groups of pods")
struct PodGroupTests {
    private static let uid = "3f2a9c1e-7b4d-4e0a-9f1c-0123456789ab"
    private static let hash = "57f19029e5924ac7fb7b8a74b3910f96"

    @Test(
        "both drivers' spellings tell the pod and what it was promised",
        arguments: [
            ("kubepods-burstable-podx.slice:crio:abc", .burstable, "x"),
            ("kubepods-podx.slice:cri-containerd:c1", .guaranteed, "x"),
            ("/kubepods/burstable/pod\(uid)/abc123", .burstable, uid),
            ("/kubepods/pod\(uid)/crio-abc123", .guaranteed, uid),
            ("/kubepods/besteffort/pod\(hash)/abc", .besteffort, hash),
            ("kubepods-besteffort-pod3f2a9c1e_7b4d.slice:cri-containerd:c1", .besteffort, "3f2a9c1e-7b4d"),
            ("kubelet-kubepods-pod3f2a9c1e_7b4d.slice:cri-containerd:c1", .guaranteed, "3f2a9c1e-7b4d"),
            ("/kubelet/kubepods/burstable/pod\(uid)/abc", .burstable, uid),
            ("/kubepods.slice/kubepods-pod1_2.slice/crio-abc.scope", .guaranteed, "1-2"),
            (
                "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-a.scope",
                .burstable, "1"
            ),
        ] as [(String, PodCgroup.Quality, String)])
    func pods(path: String, quality: PodCgroup.Quality, uid: String) throws {
        let group = try #require(PodCgroup(cgroupsPath: path))
        #expect(group.quality == quality)
        #expect(group.uid == uid)
    }

    @Test(
        "other groups are no pods, though they resemble some",
        arguments: [
            "", "/", ":", "::", "system.slice:docker:abc", "/docker/abc", "pod_123-456.slice:crio:abc", "/kubepods",
            "/kubepods/burstable",
            "/kubepods/guaranteed/pod1/abc", "/kubepods/system/pod1/abc", "/burstable/pod1/abc", "/kubepods/pod/abc",
            "/mykubepods/pod1/abc", "kubepods.slice:crio:abc", "kubepodsburstable-pod1.slice:crio:abc",
            "burstable-kubepods.slice:crio:abc",
        ])
    func others(path: String) { #expect(PodCgroup(cgroupsPath: path) == nil) }
}
