// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Containers
import JSON
import ShieldKit
import Testing

@Suite("What kubelet's CPU manager gave out")
struct KubeletCPUsTests {
    @Test("version 2: by pod and container")
    func second() throws {
        let state = try kubelet()
        #expect(state.policy == "static")
        #expect(state.shared == [0, 1, 6, 7, 8, 9, 10, 11])
        #expect(state.containers[Bundle.pod] == ["mysqld": [2, 3]])
        #expect(state.containers.count == 2)
        #expect(try state.exclusive(to: Bundle.containerd.container()) == [2, 3])
    }

    @Test("version 1, before 1.18: by container")
    func first() throws {
        let state = try kubelet(#"{"policyName":"static","defaultCpuSet":"7-9","entries":{"\#(Bundle.id)":"4-6"}}"#)
        #expect(state.containersByID == [Bundle.id: [4, 5, 6]])
        #expect(try state.exclusive(to: Bundle.containerd.container()) == [4, 5, 6])
        #expect(try state.exclusive(to: Bundle.containerd.container(id: "c2")) == nil)
    }

    @Test("version 3, from 1.36: whole pods too, where a container has no entry")
    func third() throws {
        let text = #"""
            {"policyName":"static","defaultCpuSet":"1-2","entries":{"pod1":{"container1":"5-6"}},
             "podEntries":{"\#(Bundle.pod)":{"cpuSet":"7-9"}},"checksum":0}
            """#
        let state = try kubelet(text)
        #expect(state.pods == [Bundle.pod: [7, 8, 9]])
        #expect(try state.exclusive(to: Bundle.containerd.container()) == [7, 8, 9])
    }

    @Test("version 4, from 1.37: what is inside counts, in the spelling of Go's fields too")
    func fourth() throws {
        let data = #"{\"policyName\":\"static\",\"defaultCPUSet\":\"0\",\"entries\":{\"pod\":{\"c\":\"1-3\"}}}"#
        let text =
            #"{"policyName":"none","defaultCpuSet":"0-9","entries":{},"data":"\#(data)","dataChecksum":1420829534}"#
        let state = try kubelet(text)
        #expect(state.policy == "static")
        #expect(state.shared == [0])
        #expect(state.containers == ["pod": ["c": [1, 2, 3]]])
    }

    @Test("a policy that gives nothing out has no entries")
    func none() throws {
        let state = try kubelet(#"{"policyName":"none","defaultCpuSet":"","checksum":1353318690}"#)
        #expect(state.policy == "none")
        #expect(state.shared == [])
        #expect(state.containers == [:])
    }

    @Test(
        "what cannot be understood is an error with its place",
        arguments: [
            ("{}", "cpu_manager_state:1:1: policyName: a text is wanted here"),
            (
                #"{"policyName":"static","defaultCpuSet":"3-1"}"#,
                "cpu_manager_state:1:40: defaultCpuSet: '3-1' is no CPU list"
            ),
            (
                #"{"policyName":"static","entries":{"pod":{"c":2}}}"#,
                "cpu_manager_state:1:46: entries['pod'].c: a text is wanted, and this is a number"
            ),
            (#"{"policyName":"static","entries":["#, "cpu_manager_state:1:35: the text ends too early"),
            (#"{"data":"{"}"#, "cpu_manager_state/data:1:2: the text ends too early"),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) { _ = try kubelet(text) }
        #expect(error?.description == message)
    }
}
