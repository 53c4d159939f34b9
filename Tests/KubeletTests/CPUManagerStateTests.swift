// SPDX-License-Identifier: Apache-2.0

import JSON
import Kubelet
import MachineKit
import Testing

func cpuState(_ text: String) throws -> CPUManagerState { try CPUManagerState(reading: Array(text.utf8)) }

@Suite("The CPU manager's state")
struct CPUManagerStateTests {
    @Test("version 1, before 1.18: by container id")
    func first() throws {
        let state = try cpuState(
            #"{"policyName":"static","defaultCpuSet":"7-9","entries":{"a1":"4-6","b2":"1-3"},"checksum":0}"#)
        #expect(state.version == 1)
        #expect(state.containersByID.mapValues(\.cpus) == ["a1": [4, 5, 6], "b2": [1, 2, 3]])
        #expect(state.containers.isEmpty)
        #expect(state.exclusiveCPUs == [1, 2, 3, 4, 5, 6])
    }

    @Test("version 2: by pod and container, with the texts as they are written")
    func second() throws {
        let state = try cpuState(
            #"{"policyName":"static","defaultCpuSet":"0-1,4-7","entries":{"p":{"main":"2,3"}},"checksum":1}"#)
        #expect(state.version == 2)
        #expect(state.policyName == "static")
        #expect(state.defaultCPUs.cpus == [0, 1, 4, 5, 6, 7])
        #expect(state.containers["p"]?["main"]?.cpus == [2, 3])
        #expect(state.containers["p"]?["main"]?.text == "2,3")
        #expect(!state.isEmpty)
    }

    @Test("version 3, of 1.36: whole pods too, whose containers may be named as well")
    func third() throws {
        let state = try cpuState(
            #"""
            {"policyName":"static","defaultCpuSet":"1-3","entries":{"pod":{"c":"4-6"}},
             "podEntries":{"pod":{"cpuSet":"4-10"}},"checksum":0}
            """#)
        #expect(state.version == 3)
        #expect(state.pods["pod"]?.cpus == CPUSet(4...10))
        #expect(state.exclusiveCPUs == CPUSet(4...10))
    }

    @Test("version 4, from 1.37: the document in the document counts, what lies around it does not")
    func fourth() throws {
        let data = #"{\"policyName\":\"none\",\"defaultCPUSet\":\"4-6\",\"later\":{}}"#
        let state = try cpuState(#"{"policyName":7,"entries":{"x":"y"},"checksum":1234,"data":"\#(data)"}"#)
        #expect(state.version == 4)
        #expect(state.policyName == "none")
        #expect(state.defaultCPUs.cpus == [4, 5, 6])
        #expect(state.isEmpty)
    }

    @Test("keys are read in any case, those that are exact before others")
    func spelling() throws {
        let state = try cpuState(#"{"POLICYNAME":"none","policyName":"static","DefaultCPUSet":"0"}"#)
        #expect(state.policyName == "static")
        #expect(state.defaultCPUs.cpus == [0])
    }
}

@Suite("Texts that no kubelet wrote for its CPU manager")
struct CPUManagerMistakeTests {
    @Test(
        "are an error with its place",
        arguments: [
            ("", "cpu_manager_state:1:1: the text is empty"),
            ("[]", "cpu_manager_state:1:1: the text: an object is wanted, and this is a list"),
            (#"{"policyName":"none","policyName":"static"}"#, "cpu_manager_state:1:22: "),
            (#"{"policyName":"static","defaultCpuSet":"0-4294967295"}"#, "cpu_manager_state:1:40: defaultCpuSet: "),
            (#"{"policyName":"static","defaultCpuSet":" 0"}"#, "cpu_manager_state:1:40: defaultCpuSet: ' 0' is no CPU"),
            (
                #"{"policyName":"static","entries":{"a":"1","p":{"c":"2"}}}"#,
                "cpu_manager_state:1:47: entries.p: a text is wanted, and this is an object"
            ),
            (
                #"{"policyName":"static","entries":{"p":{"c":"2"},"a":"1"}}"#,
                "cpu_manager_state:1:53: entries['a']: an object is wanted, and this is a text"
            ),
            (
                #"{"policyName":"static","entries":{"p":{"\u001b[31m":"x"}}}"#,
                #"cpu_manager_state:1:53: entries['p']['\u{1B}[31m']: 'x' is no CPU list"#
            ),
            (#"{"policyName":"none","checksum":-1}"#, "cpu_manager_state:1:33: checksum: '-1' is out of range"),
            (#"{"policyName":"none","checksum":"1"}"#, "cpu_manager_state:1:33: checksum: a whole number is wanted"),
            (#"{"data":"\u0001"}"#, "cpu_manager_state/data:1:1: "),
        ])
    func places(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) { _ = try cpuState(text) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "none")")
    }

    @Test("are an error when they are large", .timeLimit(.minutes(1)))
    func large() {
        #expect(throws: DocumentError.self) {
            _ = try CPUManagerState(reading: [UInt8](repeating: UInt8(ascii: "["), count: 100 << 20))
        }
        #expect(throws: DocumentError.self) { _ = try cpuState(String(repeating: "[", count: 1 << 20)) }
    }

    @Test("are an error wherever a good one is cut off, and where a byte is another")
    func damaged() throws {
        let whole = Array(#"{"policyName":"static","defaultCpuSet":"0-1","entries":{"p":{"c":"2-3"}}}"#.utf8)
        #expect(try CPUManagerState(reading: whole).exclusiveCPUs == [2, 3])
        for count in whole.indices {
            #expect(throws: DocumentError.self) { _ = try CPUManagerState(reading: Array(whole[..<count])) }
        }
        for index in whole.indices {
            var bytes = whole
            bytes[index] = 0xFF
            #expect(throws: DocumentError.self) { _ = try CPUManagerState(reading: bytes) }
        }
    }

    @Test("are refused when more containers have CPUs than a machine has CPUs", .timeLimit(.minutes(1)))
    func manyEntries() {
        let entries = (0..<100_000).map { #""\#($0)":"65535""# }.joined(separator: ",")
        for text in [entries, #""p":{\#(entries)}"#] {
            let error = #expect(throws: DocumentError.self) {
                _ = try cpuState(#"{"policyName":"static","entries":{\#(text)}}"#)
            }
            #expect(error?.message == "entries: more than 8192 containers have CPUs here")
        }
    }

    @Test("are refused when pods have more CPUs than a machine has")
    func manyPods() {
        let pods = (0..<1_000).map { #""\#($0)":{"cpuSet":"0-65000"}"# }.joined(separator: ",")
        let error = #expect(throws: DocumentError.self) {
            _ = try cpuState(#"{"policyName":"static","podEntries":{\#(pods)},"checksum":1}"#)
        }
        #expect(error?.message == "podEntries: pods have more CPUs here than a machine can have")
    }
}
