// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Kubelet
import MachineKit
import RecordedMachines
import Reports
import Testing

@testable import Checks

@Suite("Where kubelet's settings are")
struct KubeletPlaceTests {
    private func reserved(_ machine: MachineText, named: KubeletConfigurationFile? = nil) throws -> CPUSet? {
        try looking(at: machine, kubelet: named) { $0.kubelet?.reserved }
    }

    @Test("arguments of the process win over the file")
    func arguments() throws {
        var machine = staticNode()
        let config = "--config=/var/lib/kubelet/config.yaml"
        machine.process(60, "kubelet", config)
        #expect(try reserved(machine) == [0, 1])
        machine.process(60, "kubelet", config, "--reserved-cpus=0-3", "--cpu-manager-policy", "none")
        #expect(try reserved(machine) == [0, 1, 2, 3])
        let policy = try looking(at: machine) { $0.kubelet?.configuration?.cpuManagerPolicy }
        #expect(policy?.value == "none")
        #expect(policy?.origin == .flag("--cpu-manager-policy"))
    }

    @Test("arguments of another process are nothing")
    func others() throws {
        var machine = staticNode()
        machine.process(60, "containerd", "--reserved-cpus=0-3")
        #expect(try reserved(machine) == [0, 1])
    }

    @Test("drop-ins lie over the file in their order, those in directories too, and arguments over all")
    func dropIns() throws {
        var machine = staticNode(files: [
            "etc/kubelet.d/20-b.conf": kubeletText(["reservedSystemCPUs: \"0-2\""]),
            "etc/kubelet.d/10-a.conf": kubeletText(["reservedSystemCPUs: \"0\""]),
            "etc/kubelet.d/30-c.yaml": kubeletText(["reservedSystemCPUs: \"7\""]),
        ])
        let arguments = ["--config=/var/lib/kubelet/config.yaml", "--config-dir=/etc/kubelet.d/"]
        machine.process(60, "kubelet", arguments[0], arguments[1])
        #expect(try reserved(machine) == [0, 1, 2])
        machine.file("etc/kubelet.d/90.conf/inner.conf", kubeletText(["reservedSystemCPUs: \"4\""]))
        #expect(try reserved(machine) == [4])
        #expect(try remarks(of: .kubeletFiles, on: machine) == [])
        machine.process(60, "kubelet", arguments[0], arguments[1], "--reserved-cpus=5")
        #expect(try reserved(machine) == [5])
    }

    @Test("a drop-in that is broken is told with its place")
    func brokenDropIn() throws {
        var machine = staticNode(files: ["etc/kubelet.d/1.conf": "kind: [\n"])
        machine.process(60, "kubelet", "--config=/var/lib/kubelet/config.yaml", "--config-dir=/etc/kubelet.d")
        #expect(try remark(of: .kubeletFiles, on: machine).what.hasPrefix("/etc/kubelet.d/1.conf:"))
    }

    @Test("a directory of drop-ins that is missing is told: kubelet does not start without it")
    func missingDropIns() throws {
        var machine = staticNode()
        machine.process(60, "kubelet", "--config=/var/lib/kubelet/config.yaml", "--config-dir=/etc/none")
        let found = try remark(of: .kubeletFiles, on: machine)
        #expect(found.severity == .error)
        #expect(found.what == "kubelet is configured to read drop-ins from /etc/none, which is not a directory")
        #expect(found.fix == "mkdir -p /etc/none; systemctl restart kubelet")
    }

    @Test("--config may lie elsewhere, and the usual file is nothing then")
    func elsewhere() throws {
        var machine = staticNode(files: ["srv/k.yaml": kubeletText(["cpuManagerPolicy: static"])])
        machine.process(60, "kubelet", "--config", "/srv/k.yaml", "--reserved-cpus=3")
        #expect(try reserved(machine) == [3])
        let origin = try looking(at: machine) { $0.kubelet?.configuration?.cpuManagerPolicy.origin }
        #expect(origin == .file("/srv/k.yaml", line: 3))
    }

    @Test("--config that leads nowhere is told, and nothing else is made of it")
    func nowhere() throws {
        var machine = staticNode()
        machine.process(60, "kubelet", "--config=/srv/k.yaml", "--cpu-manager-policy=static")
        let found = try remark(of: .kubeletFiles, on: machine)
        #expect(found.severity == .error)
        #expect(found.what == "kubelet is configured to read /srv/k.yaml, which is missing")
        #expect(found.fix?.contains("fix --config in kubelet's arguments") == true)
        #expect(try severities(of: .kubeletStart, on: machine) == [])
    }

    @Test("a kubelet that runs without --config has no file")
    func none() throws {
        var machine = staticNode()
        machine.process(60, "kubelet", "--root-dir=/srv/kubelet")
        #expect(try looking(at: machine) { $0.kubelet?.isStatic } == false)
        // Whose arguments are not known may have one.
        machine.file("proc/60/cmdline", "")
        #expect(try reserved(machine) == [0, 1])
    }

    @Test("--root-dir says where the state is")
    func rootDirectory() throws {
        var machine = staticNode(files: [
            kubeletState: state(shared: "0-7"), "srv/kubelet/cpu_manager_state": state(shared: "0-1,4-7"),
        ])
        machine.process(60, "kubelet", "--config=/var/lib/kubelet/config.yaml", "--root-dir=/srv/kubelet/")
        #expect(try looking(at: machine) { $0.kubelet?.cpuState?.defaultCPUs.text } == "0-1,4-7")
        let found = try remark(of: .kubeletStart, on: machine)
        #expect(found.severity == .error)
        #expect(found.what.hasPrefix("/srv/kubelet/cpu_manager_state: "))
    }

    @Test("kubelet's credentials are not taken for its configuration")
    func credentials() throws {
        var machine = MachineText(online: "0-7", unified: true)
        machine.file("etc/kubernetes/kubelet.conf", "apiVersion: v1\nclusters: []\nkind: Config\n")
        #expect(try looking(at: machine) { $0.kubelet == nil })
        machine.file("etc/kubernetes/kubelet/kubelet-config.json", "[]")
        #expect(try remark(of: .kubeletFiles, on: machine).what.contains("kubelet-config.json:1:1: "))
        machine.file("etc/kubernetes/kubelet.conf", kubeletText(["cpuManagerPolicy: static"]))
        #expect(try looking(at: machine) { $0.kubelet?.isStatic } == true)
    }

    @Test("a file that a person named stands for that of the machine")
    func named() throws {
        let text = kubeletText(["cpuManagerPolicy: static", "reservedSystemCPUs: \"6-7\""])
        let file = KubeletConfigurationFile(path: "new.yaml", text: Array(text.utf8))
        #expect(try reserved(staticNode(), named: file) == [6, 7])
        #expect(try reserved(MachineText(online: "0-7", unified: true), named: file) == [6, 7])
    }
}
