// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Kubelet
import Testing

@Suite("The checksum of the CPU manager's state")
struct CPUManagerChecksumTests {
    @Test(
        "matches what kubelets wrote that gave no CPUs to anybody",
        arguments: [
            ("static", "0-79", 1_241_370_203), ("static", "2-19,22-39,42-59,62-79", 3_758_876_046),
            ("static", "0-63", 1_058_907_510), ("static", "2-15,17-31,34-47,49-63", 4_141_502_832),
            ("static", "0-1", 1_636_926_438), ("none", "", 1_353_318_690),
        ])
    func shared(policy: String, cpus: String, checksum: Int) throws {
        let text = #"{"policyName":"\#(policy)","defaultCpuSet":"\#(cpus)","checksum":\#(checksum)}"#
        #expect(try cpuState(text).checksum == .matches)
        #expect(try cpuState(text.replacing("\(checksum)", with: "\(checksum + 1)")).checksum != .matches)
    }

    @Test(
        "matches what kubelets wrote that gave CPUs to containers",
        arguments: [
            (
                "0-1,6-11",
                #"""
                {"60008d73-6f6f-4467-96c5-cd0a1eeadf23":{"mysqld2":"4-5"},
                 "4aec46af-22b7-4e26-babb-d15383ac9151":{"mysqld":"2-3"}}
                """#, 2_764_424_633
            ),
            (
                "0,10-15,25-31",
                #"""
                {"fb15e10a-b6a5-4aaa-8fcd-76c1aa64e6fd":{"container-1":"1-9"},
                 "777870b5-c64f-42f5-9296-688b9dc212ba":{"container-1":"16-24"}}
                """#, 318_470_969
            ),
            (
                "0-1,6-13,18-23",
                #"""
                {"28c11c89-3493-4972-bb67-7090b9d75e0d":{"mytestclient2":"4-5,16-17","mytestclient":"2-3,14-15"}}
                """#, 1_684_933_537
            ),
            ("0,2-12,14-23", #"{"235148fe-393f-47a8-a17d-bd55bc1a836b":{"cgroup1-0":"1,13"}}"#, 1_552_716_370),
        ])
    func exclusive(cpus: String, entries: String, checksum: Int) throws {
        let text = #"{"policyName":"static","defaultCpuSet":"\#(cpus)","entries":\#(entries),"checksum":\#(checksum)}"#
        #expect(try cpuState(text).checksum == .matches)
    }

    @Test("matches in the files of a real kubelet", arguments: recordedHosts)
    func real(name: String) throws {
        let state = try CPUManagerState(reading: recorded("cpu_manager_state", on: name))
        #expect(state.checksum == .matches)
        #expect(state.defaultCPUs.cpus == [0, 1, 4, 5, 6, 7])
        #expect(state.containers == ["57f19029e5924ac7fb7b8a74b3910f96": ["main": try #require(CPUList("2-3"))]])
    }
}

@Suite("The checksum of a version of the CPU manager's state")
struct CPUManagerVersionChecksumTests {
    private static let pod = #"{"pod":{"container1":"4-6","container2":"1-3"}}"#

    @Test(
        "matches whichever kubelet wrote it",
        arguments: [
            // Before 1.18.
            (#""policyName":"none","defaultCpuSet":"""#, 3_242_152_201),
            (#""policyName":"none","defaultCPUSet":"1-3""#, 1_694_838_852),
            (
                #""policyName":"static","defaultCpuSet":"7-9","entries":{"containerID1":"4-6","containerID2":"1-3"}"#,
                2_026_311_253
            ),
            // 1.18 to 1.35, and 1.36 with its new names of types.
            (#""policyName":"static","defaultCpuSet":"7-9","entries":\#(pod)"#, 964_019_483),
            (#""policyName":"static","defaultCpuSet":"7-9","entries":\#(pod)"#, 1_692_845_551),
            // 1.36 that may give CPUs to pods and has given none.
            (#""policyName":"static","defaultCPUSet":"7-9","entries":\#(pod)"#, 1_942_532_442),
            (#""policyName":"static","defaultCPUSet":"7-9","entries":\#(pod)"#, 1_844_444_301),
            // 1.36 with CPUs of a pod.
            (third, 766_259_872), (third, 2_284_712_151),
        ])
    func matches(fields: String, checksum: Int) throws {
        #expect(try cpuState(#"{\#(fields),"checksum":\#(checksum)}"#).checksum == .matches)
    }

    private static let third = #"""
        "policyName":"static","defaultCpuSet":"1-2","entries":{"pod1":{"container1":"5-6","container2":"3-4"}},
        "podEntries":{"pod2":{"cpuSet":"7-9"}}
        """#

    @Test(
        "from 1.37 on is of the text that holds the rest",
        arguments: [
            (#"{\"policyName\":\"static\",\"defaultCPUSet\":\"7-9\",\"entries\":\#(escapedPod)}"#, 1_420_829_534),
            (#"{\"policyName\":\"none\",\"defaultCPUSet\":\"4-6\"}"#, 657_950_972),
            (#"{\"policyName\":\"none\",\"defaultCPUSet\":\"4-6\",\"unknownField\":\"value\"}"#, 3_492_408_555),
        ])
    func data(data: String, checksum: Int) throws {
        // What lies around the text may say anything.
        #expect(try cpuState(#"{"checksum":1234,"data":"\#(data)","dataChecksum":\#(checksum)}"#).checksum == .matches)
        #expect(
            try cpuState(#"{"checksum":\#(checksum),"data":"\#(data)"}"#).checksum
                == .differs(stored: 0, computed: UInt64(checksum)))
    }

    private static let escapedPod = pod.replacing("\"", with: #"\""#)

    @Test("without the text that holds the rest, is wrong")
    func noData() throws {
        guard case .differs(stored: 5, _) = try cpuState(#"{"policyName":"none","dataChecksum":5}"#).checksum else {
            Issue.record("kubelet calls such a file corrupted")
            return
        }
    }

    @Test("is absent when it is 0 or missing, which kubelet takes", arguments: ["", #","checksum":0"#])
    func absent(field: String) throws {
        #expect(try cpuState(#"{"policyName":"none","defaultCpuSet":""\#(field)}"#).checksum == .absent)
    }

    @Test("differs when a CPU, a name or the policy is another, and tells which one would be right")
    func differs() throws {
        let text = #"{"policyName":"static","defaultCpuSet":"0-1","checksum":1636926438}"#
        #expect(try cpuState(text).checksum == .matches)
        #expect(
            try cpuState(text.replacing("1636926438", with: "7")).checksum
                == .differs(stored: 7, computed: 1_636_926_438))
        for (old, new) in [("0-1", "0,1"), ("static", "Static"), (#""0-1""#, #""0-1","entries":{"p":{}}"#)] {
            #expect(try cpuState(text.replacing(old, with: new)).checksum != .matches)
        }
    }
}
