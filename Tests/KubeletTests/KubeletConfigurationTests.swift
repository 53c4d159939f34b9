// SPDX-License-Identifier: Apache-2.0

import MachineKit
import Kubelet
import Testing

private let head = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"

/// A file with the lines that every file has, so that the first given one is line 3.
func file(_ text: String, path: String = "config.yaml") -> KubeletConfigurationFile {
    KubeletConfigurationFile(path: path, text: Array((head + text).utf8))
}

/// A configuration of a file, drop-ins by their paths and arguments.
func configuration(
    _ text: String = "", dropIns: KeyValuePairs<String, String> = [:], _ arguments: String...
) throws -> KubeletConfiguration {
    try KubeletConfiguration(
        file: file(text), dropIns: dropIns.map { file($0.value, path: $0.key) }, flags: KubeletFlags(arguments))
}

@Suite("kubelet's configuration")
struct KubeletConfigurationTests {
    @Test("is upstream's defaults where nothing is said")
    func defaults() throws {
        for configuration in [KubeletConfiguration(), try configuration(), try KubeletConfiguration(file: nil)] {
            #expect(configuration.cpuManagerPolicy.value == "none")
            #expect(configuration.cpuManagerPolicy.origin == .builtIn)
            #expect(configuration.cpuManagerReconcilePeriod.value.text == "10s")
            #expect(configuration.cpuCFSQuota.value)
            #expect(configuration.cpuCFSQuotaPeriod.value.nanoseconds == 100_000_000)
            #expect(configuration.reservedSystemCPUs.value.cpus == [])
            #expect(configuration.enforceNodeAllocatable.value == ["pods"])
            #expect(configuration.topologyManagerPolicy.value == "none")
            #expect(configuration.topologyManagerScope.value == "container")
            #expect(configuration.memoryManagerPolicy.value == "None")
            #expect(configuration.evictionHard["memory.available"]?.value == "100Mi")
            #expect(configuration.cgroupDriver.value == "cgroupfs")
            #expect(configuration.cgroupsPerQOS.value)
            #expect(configuration.rootDirectory.value == "/var/lib/kubelet")
        }
    }

    @Test("is what a real file says, line by line", arguments: recordedHosts)
    func real(host: String) throws {
        let text = try recorded("config.yaml", on: host)
        let configuration = try KubeletConfiguration(
            file: KubeletConfigurationFile(path: "/etc/kubelet.yaml", text: text))
        #expect(configuration.cpuManagerPolicy == KubeletSetting("static", from: .file("/etc/kubelet.yaml", line: 5)))
        #expect(configuration.cpuManagerReconcilePeriod.value.nanoseconds == 5_000_000_000)
        #expect(configuration.reservedSystemCPUs.value.cpus == [0, 1])
        #expect(configuration.reservedSystemCPUs.origin.description == "/etc/kubelet.yaml:7")
        #expect(configuration.topologyManagerPolicy.value == "best-effort")
        #expect(configuration.cgroupDriver.value == (host == "v2-systemd" ? "systemd" : "cgroupfs"))
    }

    @Test("holds every key that concerns CPUs")
    func keys() throws {
        let configuration = try configuration(
            """
            cpuManagerPolicyOptions: {full-pcpus-only: "true"}
            systemReserved: {cpu: 500m, memory: 1Gi}
            kubeReserved: {cpu: "1"}
            systemReservedCgroup: /system
            kubeReservedCgroup: /kube
            enforceNodeAllocatable: [pods, kube-reserved]
            cpuCFSQuota: false
            cpuCFSQuotaPeriod: 5ms
            topologyManagerScope: pod
            memoryManagerPolicy: Static
            reservedMemory:
            - {numaNode: 1, limits: {memory: 1124Mi, hugepages-2Mi: 4194304}}
            evictionHard: {memory.available: 5%}
            cgroupRoot: /kind
            cgroupsPerQOS: false
            featureGates: {CPUManagerPolicyAlphaOptions: true}
            somethingOfTomorrow: [{a: b}]
            """)
        #expect(configuration.cpuManagerPolicyOptions["full-pcpus-only"]?.value == "true")
        #expect(
            configuration.systemReserved["cpu"]
                == KubeletSetting(try #require(Quantity("500m")), from: .file("config.yaml", line: 4)))
        #expect(configuration.reserved("cpu").milli == 1_500)
        #expect(configuration.reserved("memory") == Quantity("1Gi"))
        #expect(configuration.systemReservedCgroup.value == "/system")
        #expect(configuration.kubeReservedCgroup.value == "/kube")
        #expect(configuration.enforceNodeAllocatable.value == ["pods", "kube-reserved"])
        #expect(!configuration.cpuCFSQuota.value)
        #expect(configuration.cpuCFSQuotaPeriod.value.text == "5ms")
        #expect(configuration.topologyManagerScope.value == "pod")
        #expect(configuration.memoryManagerPolicy.value == "Static")
        let reservation = try #require(configuration.reservedMemory.value.first)
        #expect(reservation.node == 1)
        #expect(reservation.limits == ["memory": Quantity("1124Mi"), "hugepages-2Mi": Quantity("4Mi")])
        #expect(configuration.evictionHard.mapValues(\.value) == ["memory.available": "5%"])
        #expect(configuration.cgroupRoot.value == "/kind")
        #expect(!configuration.cgroupsPerQOS.value)
        #expect(configuration.featureGates["CPUManagerPolicyAlphaOptions"]?.value == true)
    }

    @Test("is read from JSON too, and from what a node answers to /configz")
    func json() throws {
        let fields =
            #""cpuManagerPolicy":"static",\#n\#t"reservedSystemCPUs":"0-1","cgroupsPerQOS":true,"cpuManagerPolicyOptions":null"#
        let json = #"{"kind":"KubeletConfiguration","apiVersion":"kubelet.config.k8s.io/v1beta1",\#(fields)}"#
        for text in [json, "{\"kubeletconfig\":{\(fields)}}", "{\"kubeletconfig\":\(json)}"] {
            let file = KubeletConfigurationFile(path: "configz", text: Array(text.utf8))
            let configuration = try KubeletConfiguration(file: file)
            #expect(configuration.cpuManagerPolicy.value == "static")
            #expect(configuration.reservedSystemCPUs.value.cpus == [0, 1])
            #expect(configuration.reservedSystemCPUs.origin == .file("configz", line: 2))
            #expect(configuration.cpuManagerPolicyOptions.isEmpty)
        }
    }

    @Test("takes an empty value for none")
    func empty() throws {
        let configuration = try configuration(
            #"""
            cpuManagerPolicy: ""
            reservedSystemCPUs:
            cpuManagerReconcilePeriod: 0s
            systemReserved:
            evictionHard: {}
            """#)
        #expect(configuration.cpuManagerPolicy == KubeletConfiguration().cpuManagerPolicy)
        #expect(configuration.reservedSystemCPUs.origin == .builtIn)
        #expect(configuration.cpuManagerReconcilePeriod.value.text == "10s")
        #expect(configuration.evictionHard.isEmpty)
    }

    @Test("keeps other amounts of eviction only when that is asked for")
    func eviction() throws {
        let one = "evictionHard: {nodefs.available: 10%}\n"
        #expect(try configuration(one).evictionHard["memory.available"] == nil)
        let both = try configuration(one + "mergeDefaultEvictionSettings: true")
        #expect(both.evictionHard.mapValues(\.value) == ["memory.available": "100Mi", "nodefs.available": "10%"])
    }
}
