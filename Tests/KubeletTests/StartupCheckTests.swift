// SPDX-License-Identifier: Apache-2.0

import Kubelet
import MachineKit
import Testing

/// What is found with a configuration on eight CPUs without hardware threads.
func startupProblems(
    _ text: String, cpuState: String? = nil, memoryState: String? = nil, _ machine: String = "core:8",
    totalMemory: UInt64? = nil
) throws -> [StartupProblem] {
    StartupCheck(
        try configuration(text), cpuState: try cpuState.map { try CPUManagerState(reading: Array($0.utf8)) },
        memoryState: try memoryState.map { try MemoryManagerState(reading: Array($0.utf8)) },
        topology: try #require(Topology(synthetic: machine)), totalMemory: totalMemory
    ).problems
}

/// Checks that one problem is found and stops kubelet, and how it is worded.
func expectOne(
    _ problems: [StartupProblem], _ what: String, try whatToDo: String, location: SourceLocation = #_sourceLocation
) {
    #expect(problems.map(\.what) == [what], sourceLocation: location)
    #expect(problems.map(\.whatToDo) == [whatToDo], sourceLocation: location)
    #expect(problems.map(\.stopsKubelet) == [true], sourceLocation: location)
}

@Suite("Policies with which kubelet would start, and others")
struct StartupPolicyTests {
    private static let fixed = "cpuManagerPolicy: static\nreservedSystemCPUs: 0-1\n"

    @Test("what is usual is no problem", arguments: ["", fixed, fixed + "topologyManagerPolicy: restricted"])
    func usual(text: String) throws {
        #expect(try startupProblems(text) == [])
    }

    @Test("what a real kubelet ran with is no problem", arguments: recordedHosts)
    func real(host: String) throws {
        let file = KubeletConfigurationFile(path: "config.yaml", text: try recorded("config.yaml", on: host))
        let state = try CPUManagerState(reading: recorded("cpu_manager_state", on: host))
        let check = StartupCheck(
            try KubeletConfiguration(file: file), cpuState: state, memoryState: nil,
            topology: try #require(Topology(synthetic: "core:8")))
        #expect(check.problems == [])
        #expect(check.reservation == .named([0, 1]))
    }

    @Test("policies and scopes are words that kubelet knows, in its own spelling")
    func words() throws {
        expectOne(
            try startupProblems("cpuManagerPolicy: Static"),
            "cpuManagerPolicy is 'Static' (config.yaml:3), which is unknown", try: "did you mean static?")
        expectOne(
            try startupProblems("memoryManagerPolicy: static\n"),
            "memoryManagerPolicy is 'static' (config.yaml:3), which is unknown", try: "did you mean Static?")
        expectOne(
            try startupProblems("topologyManagerPolicy: numa"),
            "topologyManagerPolicy is 'numa' (config.yaml:3), which is unknown",
            try: "give one of: none, best-effort, restricted, single-numa-node")
        expectOne(
            try startupProblems("topologyManagerScope: \"\\e[31m\""),
            #"topologyManagerScope is '\u{1B}[31m' (config.yaml:3), which is unknown"#,
            try: "give one of: container, pod")
    }

    @Test("options belong to the static policy")
    func optionsWithoutStatic() throws {
        expectOne(
            try startupProblems("cpuManagerPolicyOptions: {full-pcpus-only: \"true\"}"),
            "cpuManagerPolicyOptions has 'full-pcpus-only' (config.yaml:3), and the policy is none",
            try: "remove the options, or set cpuManagerPolicy to static")
    }

    @Test("an option that there is not, or a value that is neither true nor false")
    func unknownOptions() throws {
        expectOne(
            try startupProblems(Self.fixed + "cpuManagerPolicyOptions: {full-pcpu-only: \"true\"}"),
            "cpuManagerPolicyOptions has 'full-pcpu-only' (config.yaml:5), which is unknown",
            try: "did you mean full-pcpus-only?")
        expectOne(
            try startupProblems(Self.fixed + "cpuManagerPolicyOptions: {full-pcpus-only: \"yes\"}"),
            "full-pcpus-only is 'yes' (config.yaml:5), which is neither true nor false",
            try: "give \"true\" or \"false\"; on the command line, one option an argument")
    }

    @Test(
        "options that exclude each other",
        arguments: [
            ("full-pcpus-only", "distribute-cpus-across-cores"),
            ("distribute-cpus-across-numa", "distribute-cpus-across-cores"),
            ("prefer-align-cpus-by-uncorecache", "distribute-cpus-across-cores"),
            ("prefer-align-cpus-by-uncorecache", "distribute-cpus-across-numa"),
        ])
    func pairs(first: String, second: String) throws {
        let alpha = "featureGates: {CPUManagerPolicyAlphaOptions: true}\n"
        let text = Self.fixed + alpha + "cpuManagerPolicyOptions: {\(first): \"true\", \(second): \""
        expectOne(
            try startupProblems(text + "true\"}"), "\(first) and \(second) (config.yaml:6) exclude each other",
            try: "remove one of them")
        #expect(try startupProblems(text + "false\"}") == [])
    }

    @Test("align-by-socket and a single NUMA node exclude each other")
    func sockets() throws {
        let text =
            Self.fixed + """
                featureGates: {AllAlpha: true}
                cpuManagerPolicyOptions: {align-by-socket: "true"}
                topologyManagerPolicy: single-numa-node
                """
        expectOne(
            try startupProblems(text),
            "align-by-socket and topologyManagerPolicy single-numa-node (config.yaml:7) exclude each other",
            try: "remove align-by-socket, or choose another topologyManagerPolicy")
        #expect(try startupProblems(text.replacing("single-numa-node", with: "restricted")) == [])
    }

    @Test(
        "options need their features",
        arguments: [
            ("align-by-socket", "CPUManagerPolicyAlphaOptions", ""),
            ("distribute-cpus-across-cores", "CPUManagerPolicyAlphaOptions", "AllBeta: true"),
            ("distribute-cpus-across-numa", "CPUManagerPolicyBetaOptions", "CPUManagerPolicyBetaOptions: false"),
            ("prefer-align-cpus-by-uncorecache", "CPUManagerPolicyBetaOptions", "AllBeta: false"),
        ])
    func gates(option: String, gate: String, gates: String) throws {
        let text = Self.fixed + "cpuManagerPolicyOptions: {\(option): \"true\"}\nfeatureGates: {"
        expectOne(
            try startupProblems(text + "\(gates)}"),
            "\(option) (config.yaml:5) needs the feature gate \(gate), which is off",
            try: "remove the option, or set featureGates: {\(gate): true}")
        #expect(try startupProblems(text + "\(gate): true}") == [])
    }

    @Test("another period of the CPU quota needs its feature, and a length that the kernel takes")
    func period() throws {
        expectOne(
            try startupProblems("cpuCFSQuotaPeriod: 5ms"),
            "cpuCFSQuotaPeriod is 5ms (config.yaml:3), which needs the feature gate CustomCPUCFSQuotaPeriod",
            try: "set it to 100ms, or set featureGates: {CustomCPUCFSQuotaPeriod: true}")
        let gate = "featureGates: {CustomCPUCFSQuotaPeriod: true}\n"
        #expect(try startupProblems(gate + "cpuCFSQuotaPeriod: 5ms") == [])
        expectOne(
            try startupProblems(gate + "cpuCFSQuotaPeriod: 2s"),
            "cpuCFSQuotaPeriod is 2s (config.yaml:4), which is not from 1ms to 1s", try: "give a period from 1ms to 1s")
    }
}

@Suite("Reservations with which kubelet would start, and others")
struct StartupReservationTests {
    @Test("the static policy wants a CPU for the system")
    func nothing() throws {
        for amount in ["", "systemReserved: {cpu: \"0\"}", "kubeReserved: {memory: 1Gi}"] {
            expectOne(
                try startupProblems("cpuManagerPolicy: static\n\(amount)"),
                "cpuManagerPolicy is static (config.yaml:3), and no CPU is reserved",
                try: "set reservedSystemCPUs to the CPUs of the system, such as \"0-1\"")
        }
        #expect(try startupProblems("cpuManagerPolicy: static\nkubeReserved: {cpu: 1m}") == [])
    }

    @Test("named CPUs and a group for the system exclude each other", arguments: ["systemReserved", "kubeReserved"])
    func groups(key: String) throws {
        expectOne(
            try startupProblems("reservedSystemCPUs: 0,1\n\(key)Cgroup: /reserved"),
            "reservedSystemCPUs is 0-1 (config.yaml:3), and \(key)Cgroup is '/reserved' (config.yaml:4): "
                + "kubelet takes only one of them",
            try: "remove \(key)Cgroup and what enforces it, or reserve a count of CPUs in systemReserved")
        #expect(try startupProblems("systemReserved: {cpu: \"1\"}\n\(key)Cgroup: /reserved") == [])
    }

    @Test("named CPUs are there, and online")
    func machine() throws {
        expectOne(
            try startupProblems("reservedSystemCPUs: 0,7-9"),
            "reservedSystemCPUs is 0,7-9 (config.yaml:3), and the machine does not have CPUs 8-9",
            try: "remove CPUs 8-9 from the list")
        var topology = try #require(Topology(synthetic: "core:4"))
        topology.online.remove(1)
        let check = StartupCheck(
            try configuration("reservedSystemCPUs: 0-1"), cpuState: nil, memoryState: nil, topology: topology)
        expectOne(
            check.problems, "reservedSystemCPUs is 0-1 (config.yaml:3), and the machine has CPU 1 offline",
            try: "bring CPU 1 online before kubelet starts, or shorten the list")
    }

    @Test("no more CPUs are counted than are online")
    func tooMany() throws {
        let text = "systemReserved: {cpu: \"8\"}\nkubeReserved: {cpu: 1m}\n"
        expectOne(
            try startupProblems(text + "cpuManagerPolicy: static"),
            "systemReserved and kubeReserved come to 9 CPUs, and 8 are online", try: "reserve fewer CPUs")
        // Nobody takes CPUs by number then.
        #expect(try startupProblems(text) == [])
    }

    @Test("only what kubelet can hold back is reserved")
    func resources() throws {
        expectOne(
            try startupProblems("kubeReserved: {cpus: \"1\", pid: \"100\", ephemeral-storage: 1Gi}"),
            "kubeReserved has 'cpus' (config.yaml:3), which cannot be reserved",
            try: "keep cpu, memory, ephemeral-storage and pid")
    }

    @Test("what is enforced has a group")
    func enforcement() throws {
        expectOne(
            try startupProblems("enforceNodeAllocatable: [pods, system-reserved]"),
            "enforceNodeAllocatable has system-reserved (config.yaml:3), and systemReservedCgroup is not set",
            try: "remove system-reserved from enforceNodeAllocatable, or set systemReservedCgroup")
        expectOne(
            try startupProblems("enforceNodeAllocatable: [kube-reserved-compressible]"),
            "enforceNodeAllocatable has kube-reserved-compressible (config.yaml:3), and kubeReservedCgroup is not set",
            try: "remove kube-reserved-compressible from enforceNodeAllocatable, or set kubeReservedCgroup")
        expectOne(
            try startupProblems("cgroupsPerQOS: false"),
            "enforceNodeAllocatable has 'pods', and cgroupsPerQOS is false (config.yaml:3)",
            try: "set cgroupsPerQOS to true, or enforceNodeAllocatable to [none]")
        #expect(try startupProblems("cgroupsPerQOS: false\nenforceNodeAllocatable: [none]") == [])
        #expect(try startupProblems("enforceNodeAllocatable: [kube-reserved]\nkubeReservedCgroup: /k") == [])
        #expect(try startupProblems("enforceNodeAllocatable: [pod]").map(\.what).first?.contains("'pod'") == true)
    }
}
