// SPDX-License-Identifier: Apache-2.0

import Kubelet
import MachineKit
import Testing

@Suite("A configuration that kubelet would not take")
struct KubeletConfigurationMistakeTests {
    private func message(_ file: KubeletConfigurationFile) throws -> String {
        try #require(throws: KubeletConfigurationError.self) { try KubeletConfiguration(file: file) }.description
    }

    private func expect(_ file: KubeletConfigurationFile, _ start: String, location: SourceLocation = #_sourceLocation)
        throws
    {
        let message = try message(file)
        #expect(message.hasPrefix(start), "\(message)", sourceLocation: location)
    }

    @Test(
        "is an error with its place when a value is of another kind",
        arguments: [
            ("cpuManagerPolicy: [static]", "3:19: cpuManagerPolicy: a text is wanted, and this is a list"),
            // Without quotes YAML takes these for what they look like, and kubelet ends over them.
            (
                "reservedSystemCPUs: 3",
                "3:21: reservedSystemCPUs: a text is wanted, and this is a number; put it in quotes"
            ),
            ("cpuManagerPolicy: off", "3:19: cpuManagerPolicy: a text is wanted, and this is true or false; put"),
            ("systemReserved: {cpu: 2}", "3:23: systemReserved['cpu']: a text is wanted, and this is a number; put"),
            ("systemReserved: {cpu: 0.5}", "3:23: systemReserved['cpu']: a text is wanted, and this is a number; put"),
            ("systemReserved: {cpu: 0x2}", "3:23: systemReserved['cpu']: a text is wanted, and this is a number; put"),
            (
                "cpuManagerPolicyOptions: {full-pcpus-only: true}",
                "3:44: cpuManagerPolicyOptions['full-pcpus-only']: a text is wanted, and this is true or false; put"
            ),
            ("systemReserved: cpu=1", "3:17: systemReserved: a mapping is wanted, and this is a text"),
            ("cgroupsPerQOS: \"true\"", "3:16: cgroupsPerQOS: true or false is wanted, and this is a text"),
            ("featureGates: {CPUManager: 1}", "3:28: featureGates['CPUManager']: true or false is wanted, and this is"),
            ("enforceNodeAllocatable: pods", "3:25: enforceNodeAllocatable: a list is wanted, and this is a text"),
            ("enforceNodeAllocatable: [1]", "3:26: enforceNodeAllocatable[0]: a text is wanted, and this is a number"),
            ("reservedMemory: [1]", "3:18: reservedMemory[0]: a mapping is wanted, and this is a number"),
            ("reservedMemory: [{numaNode: x}]", "3:29: reservedMemory[0].numaNode: a whole number is wanted, and this"),
            ("reservedMemory: [{numaNode: 0.5}]", "3:29: reservedMemory[0].numaNode: '0.5' is not a whole number"),
            ("cpuManagerReconcilePeriod: 5", "3:28: cpuManagerReconcilePeriod: a text is wanted, and this is a number"),
        ])
    func kinds(text: String, message: String) throws {
        try expect(file(text), "config.yaml:\(message)")
    }

    @Test(
        "is an error with its place when a value says nothing",
        arguments: [
            ("reservedSystemCPUs: 3-1", "3:21: reservedSystemCPUs: '3-1' is no CPU list"),
            ("reservedSystemCPUs: 0-4294967295", "3:21: reservedSystemCPUs: '0-4294967295' is no CPU list"),
            ("systemReserved: {cpu: 5x}", "3:23: systemReserved['cpu']: '5x' is no amount that can be held back"),
            ("kubeReserved: {cpu: \"-1\"}", "3:21: kubeReserved['cpu']: '-1' is no amount that can be held back"),
            ("cpuManagerReconcilePeriod: 5 s", "3:28: cpuManagerReconcilePeriod: '5 s' is no length of time"),
            (
                "reservedMemory: [{limits: {memory: lots}}]",
                "3:36: reservedMemory[0].limits['memory']: 'lots' is no amount"
            ),
            ("systemReserved: {\"\\e[31m\": x}", #"3:28: systemReserved['\u{1B}[31m']: 'x' is no amount"#),
        ])
    func values(text: String, message: String) throws {
        try expect(file(text), "config.yaml:\(message)")
    }

    @Test(
        "is an error when it is no configuration of kubelet's",
        arguments: [
            ("", "c:1:1: the file is empty"), ("# nothing", "c:1:1: the file is empty"),
            ("[]", "c:1:1: the file: a mapping is wanted, and this is a list"),
            ("a: b", "c:1:1: kind: KubeletConfiguration is wanted here"),
            ("kind: KubeletConfiguration", "c:1:1: apiVersion: kubelet.config.k8s.io/v1beta1 is wanted here"),
            ("kind: KubeProxyConfiguration", "c:1:7: kind: KubeletConfiguration is wanted, and this is 'KubeProxy"),
            ("{\"kubeletconfig\":[]}", "c:1:18: the file: a mapping is wanted, and this is a list"),
        ])
    func others(text: String, message: String) throws {
        let file = KubeletConfigurationFile(path: "c", text: Array(text.utf8))
        try expect(file, message)
    }

    @Test(
        "is an error, never expanded, when it has what YAML has for more than data",
        arguments: [
            ("systemReserved: &a {cpu: \"1\"}\nkubeReserved: *a", "3:17: anchors are not read; "),
            ("cpuManagerPolicy: !!str static", "3:19: tags are not read; "),
            ("---\na: b", "3:1: a second document starts here; "),
            ("cpuManagerPolicy: none\ncpuManagerPolicy: static", "4:1: key 'cpuManagerPolicy' is here a second time; "),
            ("cpuManagerPolicy: [", "3:20: "),
        ])
    func extras(text: String, message: String) throws {
        try expect(file(text), "config.yaml:\(message)")
    }

    @Test("is an error soon when somebody made it to take long", .timeLimit(.minutes(1)))
    func hostile() throws {
        #expect(
            try message(file("a: " + String(repeating: "[", count: 100_000))).contains("levels lie inside each other"))
        #expect(try message(file(String(repeating: "a: b\n", count: 1 << 20))).contains("larger than 1 MiB"))
        #expect(
            try message(KubeletConfigurationFile(path: "c", text: [UInt8](repeating: 0xFF, count: 1 << 16))).hasPrefix(
                "c:1:1")
        )
        let names = (0..<50_000).map { "k\($0): x" }.joined(separator: "\n ")
        #expect(try message(file("systemReserved:\n \(names)")).contains("'x' is no amount"))
    }
}
