// SPDX-License-Identifier: Apache-2.0

import JSON
import Kubelet
import MachineKit
import Testing

func memoryState(_ text: String) throws -> MemoryManagerState { try MemoryManagerState(reading: Array(text.utf8)) }

/// What a machine with one node has, and one container on it.
private let fields = #"""
    "policyName":"static","machineState":{"0":{"numberOfAssignments":0,"memoryMap":{"memory":
    {"total":2048,"systemReserved":512,"allocatable":1536,"reserved":512,"free":1024}},"cells":[]}},
    "entries":{"pod":{"container1":[{"numaAffinity":[0],"type":"memory","size":512}]}}
    """#
private let podEntries = #""podEntries":{"pod":{"memoryBlocks":[{"numaAffinity":[0],"type":"memory","size":512}]}}"#

@Suite("The memory manager's state")
struct MemoryManagerStateTests {
    @Test("it tells what each node has, and who has some of it")
    func content() throws {
        let state = try memoryState("{\(fields)}")
        #expect(state.version == 1)
        #expect(state.policyName == "static")
        #expect(state.nodeNumbers == [0])
        let table = try #require(state.nodes[0]?.memory["memory"])
        #expect([table.total, table.systemReserved, table.allocatable] == [2048, 512, 1536])
        #expect([table.reserved, table.free] == [512, 1024])
        let block = try #require(state.containers["pod"]?["container1"]?.first)
        #expect(block.nodes == [0])
        #expect(block.type == "memory")
        #expect(block.size == 512)
        #expect(state.pods.isEmpty)
    }

    @Test("version 2, of 1.36: whole pods too")
    func second() throws {
        let state = try memoryState("{\(fields),\(podEntries)}")
        #expect(state.version == 2)
        #expect(state.pods["pod"]?.map(\.size) == [512])
    }

    @Test("version 3, from 1.37: the document in the document counts")
    func third() throws {
        let data = #"{\"policyName\":\"None\",\"machineState\":{}}"#
        let state = try memoryState(#"{"policyName":"Static","data":"\#(data)","dataChecksum":1}"#)
        #expect(state.version == 3)
        #expect(state.policyName == "None")
        #expect(state.nodes.isEmpty)
    }

    @Test(
        "what no kubelet wrote is an error with its place",
        arguments: [
            ("{}", "memory_manager_state:1:1: policyName: a text is wanted here"),
            (
                #"{"policyName":"None","machineState":[]}"#,
                "memory_manager_state:1:37: machineState: an object is wanted"
            ),
            (
                #"{"policyName":"None","machineState":{"x":{}}}"#,
                "memory_manager_state:1:37: machineState: each key is the number of a NUMA node"
            ),
            (
                #"{"policyName":"None","machineState":{"99999999999":{}}}"#,
                "memory_manager_state:1:37: machineState: each"
            ),
            (#"{"policyName":"None","machineState":{"0":{"cells":[0.5]}}}"#, "memory_manager_state:1:52: machineState"),
            (
                #"{"policyName":"None","entries":{"p":{"c":{}}}}"#,
                "memory_manager_state:1:42: entries['p'].c: a list is wanted, and this is an object"
            ),
            (
                #"{"policyName":"None","entries":{"p":{"c":[{"size":-1}]}}}"#,
                "memory_manager_state:1:51: entries['p'].c[0].size: '-1' is out of range"
            ),
            (#"{"policyName":"None","policyname":1,"data":"["}"#, "memory_manager_state/data:1:2: "),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) { _ = try memoryState(text) }
        #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "none")")
    }

    @Test("what is too large is not read", .timeLimit(.minutes(1)))
    func large() {
        #expect(throws: DocumentError.self) {
            _ = try MemoryManagerState(reading: [UInt8](repeating: 0, count: 100 << 20))
        }
    }
}

@Suite("The checksum of the memory manager's state")
struct MemoryManagerChecksumTests {
    @Test(
        "matches whichever kubelet wrote it",
        arguments: [
            (fields, 4_215_593_881), (fields, 2_267_633_148), ("\(fields),\(podEntries)", 1_278_640_530),
            ("\(fields),\(podEntries)", 3_670_845_434), (fields, 1_414_536_960),
        ])
    func matches(fields: String, checksum: Int) throws {
        #expect(try memoryState(#"{\#(fields),"checksum":\#(checksum)}"#).checksum == .matches)
        let other = fields.replacing(#""size":512"#, with: #""size":513"#)
        #expect(try memoryState(#"{\#(other),"checksum":\#(checksum)}"#).checksum != .matches)
    }

    @Test(
        "from 1.37 on is of the text that holds the rest",
        arguments: [(fields, 1_849_615_440), ("\(fields),\(podEntries)", 637_296_054)])
    func data(fields: String, checksum: Int) throws {
        let data = "{\(fields)}".replacing("\n", with: "").replacing("\"", with: #"\""#)
        #expect(
            try memoryState(#"{"checksum":1234,"data":"\#(data)","dataChecksum":\#(checksum)}"#).checksum == .matches)
        #expect(
            try memoryState(#"{"data":"\#(data)"}"#).checksum == .differs(stored: 0, computed: UInt64(checksum)))
    }

    @Test("is absent when it is 0, which kubelet takes")
    func absent() throws {
        #expect(try memoryState(#"{\#(fields),"checksum":0}"#).checksum == .absent)
    }

    @Test("differs when the file was changed")
    func differs() throws {
        #expect(
            try memoryState(#"{\#(fields),"checksum":101010}"#).checksum
                == .differs(stored: 101_010, computed: 4_215_593_881))
    }
}
