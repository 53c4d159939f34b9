// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import MachineKit
import ShieldKit
import Testing

@Suite("Verdicts on what a real kubelet made")
struct RecordedTests {
    private static let hosts = ["v1-cgroupfs", "v2-systemd"]

    private func verdict(_ host: String, _ bundle: String, state: Bool = true) throws -> CPUOwnership {
        let spec = try ContainerFiles.spec(in: "\(fixtures)/\(host)/\(bundle)")
        let kubelet = state ? try ContainerFiles.kubeletCPUs(in: "\(fixtures)/\(host)") : nil
        #expect((kubelet != nil) == state)
        return CPUOwnership(of: Container(spec), request: nil, in: DecisionContext(kubelet: kubelet))
    }

    @Test("the Guaranteed pod's container has CPUs of its own, as kubelet's CPU manager says", arguments: hosts)
    func guaranteed(host: String) throws {
        let verdict = try verdict(host, "rt-container")
        #expect(verdict.kind == .exclusive)
        #expect(verdict.cpus == [2, 3])
        #expect(verdict.decidingReason.condition == .cpuManager)
        #expect(verdict.reasons.filter { $0.speaksFor == false } == [])
    }

    @Test("the BestEffort pod's container has the shared pool, though it carries cpus", arguments: hosts)
    func bestEffort(host: String) throws {
        let verdict = try verdict(host, "be-container")
        #expect(verdict.kind == .shared)
        #expect(verdict.cpus == [])
        #expect(verdict.decidingReason.condition == .cpuManager)
        #expect(verdict.decidingReason.text.contains("0-1,4-7"))
    }

    @Test("sandboxes have no CPUs of their own", arguments: hosts, ["rt-sandbox", "be-sandbox"])
    func sandbox(host: String, bundle: String) throws {
        let verdict = try verdict(host, bundle)
        #expect(verdict.kind == .shared)
        #expect(verdict.decidingReason.condition == .sandbox)
    }

    @Test(
        "without the CPU manager's word the Guaranteed one probably has, and the BestEffort one has not",
        arguments: hosts)
    func withoutState(host: String) throws {
        let guaranteed = try verdict(host, "rt-container", state: false)
        #expect(guaranteed.kind == .probable)
        #expect(guaranteed.cpus == [2, 3])
        #expect(guaranteed.decidingReason.condition == .arithmetic)
        let bestEffort = try verdict(host, "be-container", state: false)
        #expect(bestEffort.kind == .shared)
        #expect(bestEffort.decidingReason.condition == .quality)
    }

    @Test("containers are known by engine, pod, name, namespace and image")
    func identity() throws {
        let spec = try ContainerFiles.spec(in: "\(fixtures)/v2-systemd/rt-container")
        let container = Container(spec)
        #expect(container.id?.text == "b115f0eb4b0e6098e0422be5861e35c370aed6804737ad6300efa1ad47cea672")
        #expect(container.engine == .containerd)
        #expect(container.podUID == "57f19029e5924ac7fb7b8a74b3910f96")
        #expect(container.name == "main")
        #expect(container.namespace == "default")
        #expect(container.image == "docker.io/library/bb:1")
    }
}
