// SPDX-License-Identifier: Apache-2.0

import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("Whether kubelet would start")
struct KubeletStartTests {
    private static let renewal =
        "kubectl drain NODE --ignore-daemonsets; systemctl stop kubelet; rm /var/lib/kubelet/cpu_manager_state; "
        + "systemctl start kubelet; kubectl uncordon NODE"

    @Test("it would with a configuration and a state that fit, and with no state")
    func fine() throws {
        #expect(try severities(of: .kubeletStart, on: staticNode()) == [.ok])
        let machine = staticNode(files: [kubeletState: state(shared: "0-1,4-7", pods: ["a": "2-3"])])
        #expect(try severities(of: .kubeletStart, on: machine) == [.ok])
    }

    @Test("a checksum that is wrong is an error")
    func checksum() throws {
        let text = #"{"policyName":"static","defaultCpuSet":"0-7","checksum":1}"#
        let found = try remark(of: .kubeletStart, on: staticNode(files: [kubeletState: text]))
        #expect(found.severity == .error)
        #expect(found.what.hasPrefix("/var/lib/kubelet/cpu_manager_state: the checksum is 1"))
        #expect(found.fix == Self.renewal)
        #expect(found.wanted?.hasPrefix("/var/lib/kubelet/cpu_manager_state as kubelet wrote it") == true)
    }

    @Test(
        "a state that does not fit is an error, and goes",
        arguments: [
            (state(shared: "0-7", policy: "none"), "policy"), (state(shared: "2-7", pods: ["a": "0-1"]), "shared pool"),
            (state(shared: "0-7", pods: ["a": "2-3"]), "shared pool"), (state(shared: "", pods: ["a": "0-7"]), "share"),
            (state(shared: "0-6"), "CPU"),
        ])
    func states(text: String, word: String) throws {
        let found = try remarks(of: .kubeletStart, on: staticNode(files: [kubeletState: text]))
        #expect(!found.isEmpty && found.allSatisfy { $0.severity == .error && $0.fix == Self.renewal })
        #expect(found.first?.what.contains(word) == true)
    }

    @Test("CPUs that went offline may come back")
    func gone() throws {
        let found = try remark(of: .kubeletStart, on: staticNode(files: [kubeletState: state(shared: "0-9")]))
        #expect(found.severity == .error)
        #expect(found.fix?.hasPrefix("bring ") == true)
    }

    @Test("CPUs of two pods are a warning: kubelet would start")
    func twice() throws {
        let text = state(shared: "0-1,4-7", pods: ["a": "2-3", "b": "2-3"])
        let found = try remark(of: .kubeletStart, on: staticNode(files: [kubeletState: text]))
        #expect(found.severity == .warning)
        #expect(found.what.contains("several pods have"))
        #expect(found.wanted == "CPUs that only one pod has")
    }

    @Test(
        "a configuration that cannot be is an error",
        arguments: [
            ("cpuManagerPolicy: statik", "\"statik\"", "did you mean static"),
            ("topologyManagerPolicy: some", "topologyManagerPolicy", "single-numa-node"),
            ("cpuManagerPolicyOptions: {full-pcpus-only: \"true\"}", "full-pcpus-only", "cpuManagerPolicy to static"),
            ("systemReserved: {gpu: \"1\"}", "\"gpu\"", "cpu, memory"),
            ("enforceNodeAllocatable: [system-reserved]", "systemReservedCgroup", "set systemReservedCgroup"),
            ("memoryManagerPolicy: Static", "reservedMemory", "reservedMemory"),
        ])
    func configurations(key: String, what: String, fix: String) throws {
        let found = try remark(of: .kubeletStart, on: node(key))
        #expect(found.severity == .error)
        #expect(found.what.contains(what.replacing("\"", with: "")))
        #expect(found.fix?.contains(fix) == true)
        #expect(found.wanted?.isEmpty == false)
    }

    @Test("a reservation that cannot be is an error", arguments: ["", "0,9"])
    func reservations(list: String) throws {
        let found = try remark(of: .kubeletStart, on: staticNode(reserved: list))
        #expect(found.severity == .error)
        #expect(found.what.contains(list.isEmpty ? "no CPU is reserved" : "reservedSystemCPUs is 0,9"))
    }

    @Test("CPUs by number and a group of the system exclude each other")
    func group() throws {
        let found = try remark(of: .kubeletStart, on: staticNode("systemReservedCgroup: /system"))
        #expect(found.severity == .error)
        #expect(found.what.contains("systemReservedCgroup"))
    }
}
