// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import MachineKit
import ShieldKit
import Testing

@Suite("Verdicts under kubelet")
struct KubeletVerdictTests {
    private func verdict(
        _ bundle: Bundle, kubelet: KubeletCPUs? = nil, request: CPURequest? = nil, id: String? = nil
    ) throws -> CPUOwnership {
        CPUOwnership(of: try bundle.container(id: id), request: request, in: DecisionContext(kubelet: kubelet))
    }

    // MARK: - With kubelet's word

    @Test("kubelet's CPU manager is believed, on containerd and on CRI-O", arguments: [Bundle.containerd, .crio])
    func believed(bundle: Bundle) throws {
        let verdict = try verdict(bundle, kubelet: kubelet())
        #expect(verdict.kind == .exclusive)
        #expect(verdict.cpus == [2, 3])
        #expect(verdict.decidingReason.condition == .cpuManager)
    }

    @Test("no quota at all is as good, as kubelet writes it from 1.33 on", arguments: ["-1", "200000"])
    func quota(quota: String) throws {
        var bundle = Bundle.containerd
        bundle.cpu = #""shares": 2048, "quota": \#(quota), "period": 100000, "cpus": "2-3""#
        #expect(try verdict(bundle, kubelet: kubelet()).kind == .exclusive)
        #expect(try verdict(bundle).kind == .probable)
    }

    @Test("the cgroupfs driver's path tells the same")
    func cgroupfs() throws {
        var bundle = Bundle.containerd
        bundle.cgroupsPath = "/kubepods/pod\(Bundle.pod)/\(Bundle.id)"
        #expect(try verdict(bundle, kubelet: kubelet()).kind == .exclusive)
        #expect(try verdict(bundle).kind == .probable)
    }

    @Test("without the pod's uid among the annotations, that of the group counts")
    func noUID() throws {
        var bundle = Bundle.containerd
        bundle.annotations["io.kubernetes.cri.sandbox-uid"] = nil
        #expect(try verdict(bundle, kubelet: kubelet()).kind == .exclusive)
    }

    @Test("the pod of the group counts before that of an annotation")
    func foreignUID() throws {
        var bundle = Bundle.containerd
        bundle.cgroupsPath = "kubepods-besteffort-pod11111111_2222.slice:cri-containerd:\(Bundle.id)"
        let verdict = try verdict(bundle, kubelet: kubelet())
        #expect(verdict.kind == .shared)
        #expect(verdict.decidingReason.condition == .cpuManager)
    }

    @Test("CPUs that kubelet gave and the container does not have are not its own")
    func contradiction() throws {
        var bundle = Bundle.containerd
        bundle.cpu = #""shares": 2048, "cpus": "2,6""#
        let verdict = try verdict(bundle, kubelet: kubelet())
        #expect(verdict.kind == .shared)
        #expect(verdict.decidingReason.condition == .cpuManager)
    }

    @Test("shared CPUs that were added do not become its own")
    func mixed() throws {
        var bundle = Bundle.containerd
        bundle.cpu = #""shares": 2048, "cpus": "1-3""#
        let verdict = try verdict(bundle, kubelet: kubelet())
        #expect(verdict.kind == .exclusive)
        #expect(verdict.cpus == [2, 3])
    }

    @Test("a shared pool of as many CPUs as were requested is still shared")
    func coincidence() throws {
        var bundle = Bundle.containerd
        bundle.annotations["io.kubernetes.cri.container-name"] = "sidecar"
        bundle.cpu = #""shares": 2048, "quota": 200000, "period": 100000, "cpus": "6-7""#
        let state = #"{"policyName":"static","defaultCpuSet":"6-7","entries":{"\#(Bundle.pod)":{"mysqld":"2-3"}}}"#
        let verdict = try verdict(bundle, kubelet: kubelet(state))
        #expect(verdict.kind == .shared)
        #expect(verdict.decidingReason.condition == .cpuManager)
    }

    @Test("the entry of another container of the pod is not this one's")
    func sibling() throws {
        var bundle = Bundle.containerd
        bundle.annotations["io.kubernetes.cri.container-name"] = "sidecar"
        #expect(try verdict(bundle, kubelet: kubelet()).kind == .shared)
    }

    // MARK: - What can be computed

    @Test(
        "what does not fit is named, when kubelet's word is missing",
        arguments: [
            (#""shares": 512, "cpus": "0-1,6-11""#, "kubepods-burstable-pod1.slice:cri-containerd:c1", .quality),
            (#""shares": 2, "cpus": "0-1,4-7""#, "/kubepods/besteffort/pod1/c1", .quality),
            (#""shares": 2048, "quota": 200000, "period": 100000"#, "kubepods-pod1.slice:crio:c1", .cpus),
            (
                #""shares": 1536, "quota": 150000, "period": 100000, "cpus": "0-7""#, "kubepods-pod1.slice:crio:c1",
                .shares
            ),
            (#""cpus": "0-7""#, "kubepods-pod1.slice:crio:c1", .shares),
            (#""shares": 2048, "quota": 150000, "cpus": "2-3""#, "kubepods-pod1.slice:crio:c1", .quota),
            (#""shares": 2048, "quota": 200000, "cpus": "0-7""#, "kubepods-pod1.slice:crio:c1", .count),
        ] as [(String, String, CPUOwnership.Condition)])
    func computed(cpu: String, path: String, condition: CPUOwnership.Condition) throws {
        var bundle = Bundle.containerd
        (bundle.cpu, bundle.cgroupsPath) = (cpu, path)
        let verdict = try verdict(bundle)
        #expect(verdict.kind == .shared)
        #expect(verdict.cpus == [])
        #expect(verdict.decidingReason.condition == condition)
    }

    @Test("numbers at the edge of their range make no difference")
    func edges() throws {
        var bundle = Bundle.containerd
        let most = "\(UInt64.max)"
        bundle.cpu = #""shares": 18446744073709550592, "quota": 9223372036854775807, "period": \#(most), "cpus": "2""#
        #expect(try verdict(bundle).decidingReason.condition == .quota)
        bundle.cpu = #""shares": \#(most), "quota": -9223372036854775808, "cpus": "2""#
        #expect(try verdict(bundle).decidingReason.condition == .shares)
    }

    @Test("CRI-O's own example of a pod that is no kubelet's has none")
    func notKubelet() throws {
        let bundle = Bundle(
            cgroupsPath: "pod_123-456.slice:crio:c1",
            cpu: #""shares": 512, "quota": 20000, "period": 10000, "cpus": "0", "mems": "0""#)
        let verdict = try verdict(bundle)
        #expect(verdict.kind == .shared)
        #expect(verdict.decidingReason.condition == .shield)
        #expect(try bundle.container().engine == .crio)
    }

    // MARK: - Policy none

    @Test("under policy none an integral Guaranteed container has none, without cpus and with")
    func policyNone() throws {
        let none = try kubelet(#"{"policyName":"none","defaultCpuSet":"","checksum":1353318690}"#)
        let verdict = try verdict(.containerd, kubelet: none)
        #expect(verdict.kind == .shared)
        #expect(verdict.decidingReason.condition == .cpuManager)
        var bundle = Bundle.containerd
        bundle.cpu = #""shares": 2048, "quota": 200000, "period": 100000"#
        #expect(try self.verdict(bundle, kubelet: none).decidingReason.condition == .cpus)
    }

    @Test(
        "under policy none the claims of a DRA driver count, all of them, if the container has their CPUs",
        arguments: [
            (#""DRA_CPUSET_a=2""#, true, CPUSet([2])), (#""A=b", "DRA_CPUSET_a=2", "DRA_CPUSET_b=3""#, true, [2, 3]),
            (#""DRA_CPUSET_a=2-4""#, false, []), (#""DRA_CPUSET_a=""#, false, []), (#""DRA_CPUSET_a=x""#, false, []),
            (#""DRA_CPUSET_a""#, false, []), (#""XDRA_CPUSET_a=2""#, false, []),
        ] as [(String, Bool, CPUSet)])
    func claims(env: String, counts: Bool, cpus: CPUSet) throws {
        var bundle = Bundle.containerd
        bundle.process = #""env": [\#(env)]"#
        let verdict = try verdict(bundle, kubelet: kubelet(#"{"policyName":"none","defaultCpuSet":""}"#))
        #expect(verdict.kind == (counts ? .exclusive : .shared))
        #expect(verdict.cpus == cpus)
        #expect(verdict.decidingReason.condition == (counts ? .claim : .cpuManager))
    }

    @Test("a claim in the environment is not believed against kubelet's static policy, and only half without its word")
    func spoofedClaim() throws {
        var bundle = Bundle.containerd
        bundle.annotations["io.kubernetes.cri.container-name"] = "other"
        bundle.process = #""env": ["DRA_CPUSET_a=2-3"]"#
        #expect(try verdict(bundle, kubelet: kubelet()).kind == .shared)
        #expect(try verdict(bundle).kind == .probable)
    }

    // MARK: - Sandboxes and annotations

    @Test("a sandbox is no container, whatever else it has")
    func sandboxes() throws {
        var containerd = Bundle.containerd
        containerd.annotations["io.kubernetes.cri.container-type"] = "sandbox"
        var crio = Bundle.crio
        crio.annotations["io.kubernetes.cri-o.ContainerType"] = "sandbox"
        var dockerd = Bundle.containerd
        dockerd.annotations = ["io.kubernetes.docker.type": "podsandbox"]
        var pause = Bundle.containerd
        (pause.annotations, pause.process) = ([:], #""args": ["/pause"]"#)
        pause.cgroupsPath = "kubepods-pod\(Bundle.underscored(Bundle.pod)).slice:docker:\(Bundle.id)"
        for bundle in [containerd, crio, dockerd, pause] {
            let verdict = try verdict(bundle, kubelet: kubelet(), request: .exclusive)
            #expect(verdict.kind == .shared, "\(bundle)")
            #expect(verdict.decidingReason.condition == .sandbox, "\(bundle)")
        }
    }

    @Test("a sandbox gets nothing of what its pod's annotations request")
    func requestsOfSandbox() throws {
        var bundle = Bundle.containerd
        bundle.annotations["io.kubernetes.cri.container-type"] = "sandbox"
        bundle.annotations["rtshield.io/rt-priority"] = "99"
        bundle.annotations["cpu-quota.crio.io"] = "nonsense"
        let decision = Decision(on: try bundle.container(), in: DecisionContext(), by: ContainerPolicy())
        #expect(decision.requests == Requests())
        #expect(decision.realtime == nil && decision.denial == nil)
    }

    @Test("who a container is, is told by its own engine: names of another's could come from the pod")
    func spoofedIdentity() throws {
        var bundle = Bundle.crio
        bundle.annotations["io.kubernetes.cri.sandbox-namespace"] = "kube-system"
        bundle.annotations["io.kubernetes.cri.container-name"] = "other"
        bundle.annotations["io.kubernetes.cri.image-name"] = "trusted"
        bundle.annotations["io.kubernetes.cri.container-type"] = "container"
        let container = try bundle.container()
        #expect(container.engine == .crio)
        #expect(container.namespace == "default")
        #expect(container.name == "mysqld")
        #expect(container.image == nil)
    }

    @Test("a container of cri-dockerd that is no sandbox is judged like others")
    func dockerUnderKubelet() throws {
        var bundle = Bundle.containerd
        bundle.annotations = ["io.kubernetes.docker.type": "container", "io.kubernetes.container.name": "mysqld"]
        bundle.cgroupsPath = "kubepods-pod\(Bundle.underscored(Bundle.pod)).slice:docker:\(Bundle.id)"
        #expect(try bundle.container().engine == .docker)
        #expect(try verdict(bundle, kubelet: kubelet()).kind == .exclusive)
        // As it comes: labels do not reach the configuration, and only its CPUs tell which of the pod's it is.
        bundle.annotations = [:]
        #expect(try verdict(bundle, kubelet: kubelet()).kind == .exclusive)
        bundle.cpu = #""shares": 1024, "cpus": "2""#
        #expect(try verdict(bundle, kubelet: kubelet()).kind == .shared)
    }

    @Test("a pod may give its CPUs up, and may not give itself any")
    func annotation() throws {
        let given = try verdict(.containerd, kubelet: kubelet(), request: .shared)
        #expect(given.kind == .shared)
        #expect(given.decidingReason.condition == .annotation)
        var bundle = Bundle.containerd
        bundle.annotations["io.kubernetes.cri.container-name"] = "other"
        let taken = try verdict(bundle, kubelet: kubelet(), request: .exclusive)
        #expect(taken.kind == .shared)
        #expect(taken.decidingReason.condition == .cpuManager)
    }
}
