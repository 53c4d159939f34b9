// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import MachineKit
import ShieldKit
import Testing

@Suite("Verdicts without kubelet")
struct AloneVerdictTests {
    private func verdict(_ bundle: Bundle, pool: CPUSet? = [2, 3, 4, 5], request: CPURequest? = nil) throws
        -> CPUOwnership
    {
        CPUOwnership(of: try bundle.container(), request: request, in: DecisionContext(pool: pool))
    }

    @Test(
        "CPUs of the shield are a container's own, and others are not",
        arguments: [
            ("2-5", .exclusive, .shield), ("3", .exclusive, .shield), ("1-3", .shared, .shield),
            ("0", .shared, .shield), ("", .shared, .cpus),
        ] as [(String, CPUOwnership.Kind, CPUOwnership.Condition)])
    func pool(cpus: String, kind: CPUOwnership.Kind, condition: CPUOwnership.Condition) throws {
        let verdict = try verdict(.docker(cpus: cpus))
        #expect(verdict.kind == kind)
        #expect(verdict.decidingReason.condition == condition)
        #expect(verdict.cpus == (kind == .exclusive ? CPUSet(kernelList: cpus) : []))
    }

    @Test("without a shield only an annotation gives CPUs, to a container that names them")
    func noShield() throws {
        #expect(try verdict(.docker(cpus: "2"), pool: nil).decidingReason.condition == .shield)
        let named = try verdict(.docker(cpus: "2"), pool: nil, request: .exclusive)
        #expect(named.kind == .exclusive)
        #expect(named.decidingReason.condition == .annotation)
        let unnamed = try verdict(.docker(), pool: nil, request: .exclusive)
        #expect(unnamed.kind == .shared)
        #expect(unnamed.decidingReason.condition == .cpus)
    }

    @Test("an annotation does not make CPUs a container's own that the shield lacks, and may give up those it has")
    func annotation() throws {
        #expect(try verdict(.docker(cpus: "0-2"), request: .exclusive).kind == .shared)
        #expect(try verdict(.docker(cpus: "2"), request: .exclusive).decidingReason.condition == .annotation)
        let given = try verdict(.docker(cpus: "2"), request: .shared)
        #expect(given.kind == .shared)
        #expect(given.decidingReason.condition == .annotation)
    }

    @Test(
        "what is started in the pool's group has the pool's CPUs, or those it names of them",
        arguments: ["rtshield-docker.slice:docker:c1", "/rtshield/docker/c1", "rtshield-audio.slice:libpod:c1"])
    func parent(path: String) throws {
        let wide = try verdict(Bundle(cgroupsPath: path))
        #expect(wide.kind == .exclusive)
        #expect(wide.cpus == [2, 3, 4, 5])
        #expect(wide.decidingReason.condition == .parent)
        #expect(try verdict(Bundle(cgroupsPath: path, cpu: #""cpus": "4""#)).cpus == [4])
    }

    @Test(
        "groups whose names only resemble the pool's are not in it",
        arguments: [
            "/rtshield2/c1", "/x/rtshield/c1", "my-rtshield-docker.slice:docker:c1", "system.slice:rtshield-x:c1",
        ])
    func notParent(path: String) throws {
        #expect(try verdict(Bundle(cgroupsPath: path)).kind == .shared)
    }

    @Test(
        "the engine is known by what it alone writes",
        arguments: [
            ("system.slice:docker:c1", [:], .docker), ("/docker/c1", [:], .docker),
            ("machine.slice:libpod:c1", [:], .podman), ("/libpod_parent/libpod-c1", [:], .podman),
            ("x.slice:y:c1", ["io.container.manager": "libpod"], .podman),
            ("x.slice:y:c1", ["io.container.manager": "cri-o"], .crio), ("system.slice:crio:c1", [:], .crio),
            ("/kubepods/pod1/crio-c1", ["io.kubernetes.cri.container-type": "container"], .crio),
            ("/kubepods/pod1/c1", ["io.kubernetes.docker.type": "container"], .docker),
            ("/default/c1", ["nerdctl/name": "x"], .containerd), ("/c1", [:], .other), ("", [:], .other),
        ] as [(String, [String: String], Engine)])
    func engines(path: String, annotations: [String: String], engine: Engine) throws {
        #expect(try Bundle(annotations: annotations, cgroupsPath: path).container().engine == engine)
    }

    @Test("a bundle in containerd's namespace moby is Docker's")
    func moby() throws {
        let spec = try Spec(reading: Array(Bundle(cgroupsPath: "/lab/c1").text.utf8))
        let bundle = "/run/containerd/io.containerd.runtime.v2.task/moby/c1"
        #expect(Container(spec, bundle: bundle).engine == .docker)
    }
}
