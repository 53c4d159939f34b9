// SPDX-License-Identifier: Apache-2.0

import Kubelet
import MachineKit
import Testing

@Suite("The CPU manager's state over which kubelet would start, and others")
struct StartupCPUStateTests {
    private static let renewal =
        "drain the node, stop kubelet, remove /var/lib/kubelet/cpu_manager_state, and start kubelet"

    /// What is found over a state of eight CPUs, of which the first two are reserved.
    private func found(shared: String, entries: String = "{}", _ more: String = "") throws -> [StartupProblem] {
        try found(
            "cpuManagerPolicy: static\nreservedSystemCPUs: 0-1\n\(more)",
            #"{"policyName":"static","defaultCpuSet":"\#(shared)","entries":\#(entries)}"#)
    }

    private func found(_ text: String, _ state: String) throws -> [StartupProblem] {
        try startupProblems(text, cpuState: state)
    }

    private func expect(_ problems: [StartupProblem], _ what: String, location: SourceLocation = #_sourceLocation) {
        expectOne(
            problems, "/var/lib/kubelet/cpu_manager_state: \(what)", try: Self.renewal, location: location)
    }

    @Test("all CPUs are either shared or somebody's")
    func sound() throws {
        #expect(try found(shared: "0-7") == [])
        #expect(try found(shared: "0-1,4-7", entries: #"{"p":{"c":"2-3"}}"#) == [])
        // A container that prepares the others of its pod lends them its CPUs.
        #expect(try found(shared: "0-1,4-7", entries: #"{"p":{"init":"2-3","c":"2-3"}}"#) == [])
        // kubelet starts afresh.
        #expect(try found(shared: "") == [])
        let strict = "cpuManagerPolicyOptions: {strict-cpu-reservation: \"true\"}"
        #expect(try found(shared: "4-7", entries: #"{"p":{"c":"2-3"}}"#, strict) == [])
    }

    @Test("a pod's CPUs are its own, and its containers' may be among them")
    func pods() throws {
        let state = #"""
            {"policyName":"static","defaultCpuSet":"0-3","entries":{"p":{"c":"4-5"}},
             "podEntries":{"p":{"cpuSet":"4-7"}}}
            """#
        #expect(try startupProblems("cpuManagerPolicy: static\nreservedSystemCPUs: 0-1", cpuState: state) == [])
    }

    @Test("a file that is not what kubelet wrote")
    func corrupt() throws {
        let state = #"{"policyName":"none","defaultCpuSet":"","checksum":1353318691}"#
        expect(
            try found("", state), "the checksum is 1353318691, and what it holds has 1353318690")
    }

    @Test("another policy than the one that wrote the file, which alone is told then")
    func policy() throws {
        expect(
            try found("", #"{"policyName":"static","defaultCpuSet":"99"}"#),
            "the policy 'static' wrote it, and cpuManagerPolicy is 'none' (kubelet's default)")
        let text = "cpuManagerPolicy: static\nreservedSystemCPUs: 0-1"
        let problems = try found(text, #"{"policyName":"none","defaultCpuSet":""}"#)
        expect(problems, "the policy 'none' wrote it, and cpuManagerPolicy is 'static' (config.yaml:3)")
    }

    @Test("the file is named where kubelet's directory is")
    func directory() throws {
        let check = StartupCheck(
            try configuration("", "--root-dir=/var/snap/kubelet/"),
            cpuState: try cpuState(#"{"policyName":"static"}"#), memoryState: nil,
            topology: try #require(Topology(synthetic: "core:2")))
        #expect(check.problems.map(\.what).first?.hasPrefix("/var/snap/kubelet/cpu_manager_state: ") == true)
    }

    @Test("containers with CPUs, and none left to share")
    func nothingShared() throws {
        expect(
            try found(shared: "", entries: #"{"p":{"c":"0-7"}}"#),
            "containers have CPUs of their own, and no CPU is left to share")
    }

    @Test("reserved CPUs that were given away, as happens when more are reserved than before")
    func reserved() throws {
        expect(
            try found(shared: "0,4-7", entries: #"{"p":{"c":"1-3"}}"#),
            "the shared pool lacks CPU 1 of those that are reserved")
    }

    @Test("reserved CPUs that are shared, as happens when strict reservation is switched on")
    func strict() throws {
        expect(
            try found(shared: "0-7", "cpuManagerPolicyOptions: {strict-cpu-reservation: \"true\"}"),
            "the shared pool has CPUs 0-1 of those that strict-cpu-reservation keeps out of it")
    }

    @Test("CPUs that are a container's and shared too")
    func overlap() throws {
        expect(
            try found(shared: "0-6", entries: #"{"uid":{"main":"6-7"}}"#),
            "container 'main' of pod 'uid' has CPU 6, and so has the shared pool")
        let first = try found(shared: "0-6", entries: #"{"id":"6-7"}"#)
        expect(first, "container 'id' has CPU 6, and so has the shared pool")
    }

    @Test("CPUs of several pods, over which kubelet starts all the same")
    func twice() throws {
        let problems = try found(shared: "0-1,6-7", entries: #"{"b":{"c":"2-4"},"a":{"c":"4-5","d":"5"},"c":{}}"#)
        #expect(
            problems.map(\.what) == ["/var/lib/kubelet/cpu_manager_state: several pods have CPU 4: 'a', 'b'"])
        #expect(problems.map(\.stopsKubelet) == [false])
    }

    @Test("CPUs that went, and CPUs that came")
    func machine() throws {
        let gone = try found(shared: "0-9")
        #expect(
            gone.map(\.what) == [
                "/var/lib/kubelet/cpu_manager_state: it has CPUs 8-9, which kubelet does not find"
            ])
        #expect(
            gone.map(\.whatToDo) == [
                "bring CPUs 8-9 online before kubelet starts; or drain the node, remove the file and start kubelet"
            ])
        expect(try found(shared: "0-5"), "it does not have CPUs 6-7, which kubelet finds")
    }

    @Test("where it cannot be told which CPUs are reserved, what rests on it is not told either")
    func unknown() throws {
        let text = """
            cpuManagerPolicy: static
            systemReserved: {cpu: "2"}
            cpuManagerPolicyOptions: {distribute-cpus-across-numa: "true", strict-cpu-reservation: "true"}
            """
        #expect(try found(text, #"{"policyName":"static","defaultCpuSet":"2-7"}"#) == [])
        #expect(try found(text, #"{"policyName":"static","defaultCpuSet":"7","entries":{"p":{"c":"7"}}}"#).count == 1)
    }

    @Test("a hostile file takes no long time", .timeLimit(.minutes(1)))
    func hostile() throws {
        let entries = (0..<2_000).map { #""\#($0)":{"c":"0-65535"}"# }.joined(separator: ",")
        let problems = try found(shared: "0-65535", entries: "{\(entries)}")
        #expect(problems.count == 2_002)
    }
}
