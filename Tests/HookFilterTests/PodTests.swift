// SPDX-License-Identifier: Apache-2.0

import HookFilter
import Testing

@Suite("A pod's container that starts beside a shield")
struct PodTests {
    private static let uid = "4aec46af-22b7-4e26-babb-d15383ac9151"
    private static let cpus = #""shares":512,"cpus":"0-1,6-11""#

    private func answer(_ path: String, _ cpu: String = cpus, _ annotations: String = "", further: String = "")
        -> HookFilter.Answer
    {
        let text = HookInvocation.configuration(path: path, cpu: cpu, annotations: annotations, further: further)
        return HookInvocation(configuration: .text(text), journal: .unclear).answer
    }

    @Test(
        "is let through if it is not Guaranteed and kubelet gave it CPUs",
        arguments: ["burstable", "besteffort"])
    func shared(quality: String) {
        let slice = "kubepods-\(quality)-pod4aec46af_22b7_4e26_babb_d15383ac9151.slice"
        #expect(answer("\(slice):cri-containerd:x") == .nothingToDo)
        #expect(answer("/kubepods/\(quality)/pod\(Self.uid)/x") == .nothingToDo)
        #expect(answer("/kubepods.slice/kubepods-\(quality).slice/\(slice)/crio-x") == .nothingToDo)
    }

    @Test(
        "is handed over if it is Guaranteed, or its group is unusual",
        arguments: [
            "kubepods-pod4aec46af.slice:cri-containerd:x", "/kubepods/pod4aec46af/x", "/kubepods/burstable",
            "kubelet-kubepods-burstable-pod4aec46af.slice:cri-containerd:x", "/burstable/kubepods/pod4aec46af/x",
            "system.slice:docker:kubepods-burstable-pod4aec46af", "/kubelet/kubepods/burstable/pod4aec46af/x", "",
            #"\/kubepods\/burstable\/pod4aec46af\/x"#,
        ])
    func others(path: String) { #expect(answer(path) == .handOver) }

    @Test(
        "is handed over if kubelet gave it no CPUs, as it does with pauses",
        arguments: ["", #""shares":2"#, #""shares":2,"cpus":"""#, #""cpus": "0-1""#, #""cpus":"0-1","cpus":"2""#])
    func noCPUs(cpu: String) { #expect(answer("/kubepods/burstable/pod1/x", cpu) == .handOver) }

    @Test("is not let through by annotations with the names of what decides")
    func annotations() {
        let path = "/kubepods/burstable/pod1/x"
        #expect(answer(path, "", #""cpus":"0-1""#) == .handOver)
        #expect(answer(path, "", #""cpu":"\"cpus\":\"0-1\"""#) == .handOver)
        #expect(answer("", Self.cpus, #""cgroupsPath":"/kubepods/burstable/pod1/x""#) == .handOver)
        let behind = #","annotations":{"cgroupsPath":"/kubepods/burstable/pod1/x"}"#
        #expect(answer("", Self.cpus, further: behind) == .handOver)
        #expect(answer(path, Self.cpus, further: behind) == .handOver)
        #expect(answer(path, Self.cpus, #""cpus":"","cgroupsPath":"","linux":"""#) == .nothingToDo)
    }
}
