// SPDX-License-Identifier: Apache-2.0

import Kubelet
import MachineKit
import Testing

@Suite("Drop-ins over kubelet's file")
struct KubeletDropInTests {
    @Test("the last one in the order of the paths wins, and is told as the origin")
    func order() throws {
        let configuration = try configuration(
            "cpuManagerPolicy: none",
            dropIns: [
                "d/20.conf": "cpuManagerPolicy: static", "d/10.conf": "\ncpuManagerPolicy: ten\ncgroupDriver: systemd",
            ])
        #expect(configuration.cpuManagerPolicy == KubeletSetting("static", from: .file("d/20.conf", line: 3)))
        #expect(configuration.cgroupDriver == KubeletSetting("systemd", from: .file("d/10.conf", line: 5)))
    }

    @Test("what lies in a directory comes before a file whose name goes on where its own ends")
    func directories() throws {
        let configuration = try configuration(
            dropIns: ["d/10.conf": "cgroupRoot: /file", "d/10/99.conf": "cgroupRoot: /inside"])
        #expect(configuration.cgroupRoot.value == "/file")
    }

    @Test("only names that end in .conf are read")
    func names() throws {
        let configuration = try configuration(
            dropIns: ["d/a.yaml": "cgroupRoot: /a", "d/.conf": "cgroupDriver: systemd", "d/conf": "]"])
        #expect(configuration.cgroupRoot.value == "")
        #expect(configuration.cgroupDriver.value == "systemd")
        #expect(KubeletConfigurationFile.isDropIn("/etc/kubelet.d/00-cpu.conf"))
        #expect(!KubeletConfigurationFile.isDropIn("/etc/kubelet.conf.d/00-cpu"))
    }

    @Test("mappings are merged key by key, lists are not, and an empty value takes its key away")
    func merging() throws {
        let configuration = try configuration(
            """
            systemReserved: {cpu: 500m, memory: 1Gi}
            kubeReserved: {cpu: "1"}
            enforceNodeAllocatable: [pods, system-reserved]
            cpuManagerPolicy: static
            featureGates: {A: true, B: true}
            """,
            dropIns: [
                "1.conf": """
                systemReserved: {cpu: "2"}
                kubeReserved:
                enforceNodeAllocatable: [none]
                cpuManagerPolicy: ~
                featureGates: {B: false, C: null}
                """
            ])
        #expect(
            configuration.systemReserved["cpu"]
                == KubeletSetting(try #require(Quantity("2")), from: .file("1.conf", line: 3)))
        #expect(configuration.systemReserved["memory"]?.origin == .file("config.yaml", line: 3))
        #expect(configuration.kubeReserved.isEmpty)
        #expect(configuration.enforceNodeAllocatable.value == ["none"])
        #expect(configuration.cpuManagerPolicy.origin == .builtIn)
        #expect(configuration.featureGates.mapValues(\.value) == ["A": true, "B": false])
    }

    @Test("they count without a file below them")
    func alone() throws {
        let configuration = try KubeletConfiguration(
            file: nil, dropIns: [file("cpuManagerPolicy: static", path: "1.conf")])
        #expect(configuration.cpuManagerPolicy.value == "static")
    }

    @Test("one that is none is an error in its own name")
    func mistakes() throws {
        let wrong = KubeletConfigurationFile(path: "d/1.conf", text: Array("cgroupRoot: /".utf8))
        let error = try #require(throws: KubeletConfigurationError.self) {
            try KubeletConfiguration(file: nil, dropIns: [wrong])
        }
        #expect(error.description == "d/1.conf:1:1: kind: KubeletConfiguration is wanted here")
        #expect(throws: KubeletConfigurationError.self) {
            try configuration(dropIns: ["1.conf": "systemReserved: {cpu: 2}"])
        }
    }
}

@Suite("kubelet's arguments over its files")
struct KubeletFlagTests {
    @Test("they win over files, in both spellings, the last of several", arguments: [true, false])
    func precedence(isJoined: Bool) throws {
        let pairs = [
            ("--reserved-cpus", "0-3"), ("--cpu-manager-policy", "none"), ("--cpu_manager_policy", "static"),
            ("--topology-manager-policy", "restricted"), ("--topology-manager-scope", "pod"),
            ("--memory-manager-policy", "Static"), ("--cgroup-driver", "systemd"), ("--cgroup-root", "/r"),
            ("--system-reserved-cgroup", "/s"), ("--kube-reserved-cgroup", "/k"), ("--root-dir", "/k8s"),
            ("--cpu-manager-reconcile-period", "1s"), ("--cpu-cfs-quota-period", "10ms"), ("--v", "2"),
        ]
        let arguments = ["/usr/bin/kubelet"] + pairs.flatMap { isJoined ? ["\($0)=\($1)"] : [$0, $1] }
        let configuration = try KubeletConfiguration(
            file: file("reservedSystemCPUs: 0-1\ncpuManagerPolicy: none"), flags: KubeletFlags(arguments))
        #expect(configuration.reservedSystemCPUs.value.cpus == [0, 1, 2, 3])
        #expect(configuration.reservedSystemCPUs.origin.description == "--reserved-cpus")
        #expect(configuration.cpuManagerPolicy == KubeletSetting("static", from: .flag("--cpu-manager-policy")))
        #expect(configuration.topologyManagerPolicy.value == "restricted")
        #expect(configuration.topologyManagerScope.value == "pod")
        #expect(configuration.memoryManagerPolicy.value == "Static")
        #expect(configuration.cgroupDriver.value == "systemd")
        #expect(configuration.cgroupRoot.value == "/r")
        #expect(configuration.systemReservedCgroup.value == "/s")
        #expect(configuration.kubeReservedCgroup.value == "/k")
        #expect(configuration.rootDirectory.value == "/k8s")
        #expect(configuration.cpuManagerReconcilePeriod.value.text == "1s")
        #expect(configuration.cpuCFSQuotaPeriod.value.text == "10ms")
    }

    @Test("names with values take the place of all that a file says, but features are merged")
    func mappings() throws {
        let configuration = try configuration(
            """
            systemReserved: {memory: 1Gi}
            featureGates: {A: true, B: true}
            reservedMemory: [{numaNode: 3, limits: {memory: 1Gi}}]
            """, "--system-reserved=cpu=500m, memory=2Gi", "--system-reserved", "pid=100", "--kube-reserved=cpu=1",
            "--feature-gates=B=false,C=true", "--eviction-hard=memory.available<200Mi,nodefs.available<5%",
            "--reserved-memory=0:memory=1Gi,hugepages-2Mi=4Mi;1:memory=2Gi",
            "--enforce-node-allocatable=pods,kube-reserved")
        let reserved = configuration.systemReserved.mapValues { $0.value.description }
        #expect(reserved == ["cpu": "500m", "memory": "2Gi", "pid": "100"])
        #expect(configuration.systemReserved["cpu"]?.origin == .flag("--system-reserved"))
        #expect(configuration.kubeReserved["cpu"]?.value == Quantity("1"))
        #expect(configuration.featureGates.mapValues(\.value) == ["A": true, "B": false, "C": true])
        #expect(configuration.evictionHard["memory.available"]?.value == "200Mi")
        #expect(configuration.reservedMemory.value.map(\.node) == [0, 1])
        #expect(configuration.reservedMemory.value.first?.limits["hugepages-2Mi"] == Quantity("4Mi"))
        #expect(configuration.enforceNodeAllocatable.value == ["pods", "kube-reserved"])
    }

    @Test("an argument for a policy option holds one option, as kubelet reads it")
    func options() throws {
        let two = try configuration(
            "", "--cpu-manager-policy-options=full-pcpus-only=true",
            "--cpu-manager-policy-options=align-by-socket=false")
        #expect(
            two.cpuManagerPolicyOptions.mapValues(\.value) == ["full-pcpus-only": "true", "align-by-socket": "false"])
        let one = try configuration("", "--cpu-manager-policy-options=full-pcpus-only=true,align-by-socket=true")
        #expect(one.cpuManagerPolicyOptions.mapValues(\.value) == ["full-pcpus-only": "true,align-by-socket=true"])
    }

    @Test("a switch needs no value and takes none from the next argument")
    func switches() throws {
        let on = try configuration(
            "cgroupsPerQOS: false\ncpuCFSQuota: false", "--cgroups-per-qos", "--cpu-cfs-quota=true")
        #expect(on.cgroupsPerQOS == KubeletSetting(true, from: .flag("--cgroups-per-qos")))
        #expect(on.cpuCFSQuota.value)
        let off = try configuration("", "--cgroups-per-qos=F", "--cpu-cfs-quota=0")
        #expect(!off.cgroupsPerQOS.value)
        #expect(!off.cpuCFSQuota.value)
    }

    @Test("they tell where the files are")
    func paths() {
        let flags = KubeletFlags([
            "kubelet", "--config", "/c.yaml", "--config-dir=/d", "--root-dir=/r", "--", "--config=/x",
        ])
        #expect(flags.configurationPath == "/c.yaml")
        #expect(flags.dropInDirectory == "/d")
        #expect(flags.rootDirectory == "/r")
        #expect(KubeletFlags(["--config="]).configurationPath == nil)
        #expect(KubeletFlags(["--config"]).configurationPath == nil)
    }

    @Test(
        "a value that kubelet would not take is an error in the argument's name",
        arguments: [
            ("--reserved-cpus=0-", "--reserved-cpus: '0-' is no CPU list"),
            ("--system-reserved=cpu", "--system-reserved: 'cpu' has no '='"),
            ("--system-reserved=cpu=x", "--system-reserved: 'x' is no amount that can be held back"),
            ("--kube-reserved=cpu=-1", "--kube-reserved: '-1' is no amount that can be held back"),
            ("--feature-gates=A=yes", "--feature-gates: 'yes' is no truth value"),
            ("--cgroups-per-qos=yes", "--cgroups-per-qos: 'yes' is no truth value"),
            ("--cpu-cfs-quota-period=5", "--cpu-cfs-quota-period: '5' is no length of time"),
            ("--reserved-memory=memory=1Gi", "--reserved-memory: 'memory=1Gi' has no ':'"),
            ("--reserved-memory=x:memory=1Gi", "--reserved-memory: 'x' is no NUMA node"),
            ("--reserved-memory=0:memory=y", "--reserved-memory: 'y' is no amount"),
            ("--reserved-cpus=\u{1B}[31m", #"--reserved-cpus: '\u{1B}[31m' is no CPU list"#),
        ])
    func mistakes(argument: String, message: String) {
        let error = #expect(throws: KubeletConfigurationError.self) { try configuration("", argument) }
        #expect(error?.description == message)
    }
}
