// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Cgroup drivers of kubelet and its runtime")
struct CgroupDriverTests {
    private static let table = "[plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options]\n"
    private static let main = "etc/containerd/config.toml"

    private func machine(
        _ runtime: String, kubelet driver: String? = "systemd", systemd: Bool = true,
        files: KeyValuePairs<String, String> = [:]
    ) -> MachineText {
        var machine = driver.map { node("cgroupDriver: \($0)", files: files) } ?? node(files: files)
        if systemd { machine.file("run/systemd/system/", "") }
        machine.process(70, runtime)
        return machine
    }

    @Test("containerd with another driver is an error, with the places")
    func containerd() throws {
        let text = "version = 2\n" + Self.table + "SystemdCgroup = false\n"
        let found = try remark(of: .kubeletDriver, on: machine("containerd", files: [Self.main: text]))
        #expect(found.severity == .error)
        #expect(
            found.what
                == "kubelet uses the cgroup driver systemd (/var/lib/kubelet/config.yaml:3), but containerd uses cgroupfs "
                + "(/etc/containerd/config.toml:3)")
        #expect(found.wanted == "systemd for both")
        #expect(
            found.fix
                == "SystemdCgroup = true below [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runc.options] in "
                + "/etc/containerd/config.toml, then systemctl restart containerd, on a drained node")
        let same = machine("containerd", files: [Self.main: text.replacing("false", with: "true")])
        #expect(try remarks(of: .kubeletDriver, on: same) == [.ok("containerd uses the driver systemd, like kubelet")])
    }

    @Test("where the runtime has the better driver kubelet is mended")
    func kubelet() throws {
        let text = Self.table + "SystemdCgroup = true\n"
        let found = try remark(
            of: .kubeletDriver, on: machine("containerd", kubelet: "cgroupfs", files: [Self.main: text]))
        #expect(found.severity == .error)
        #expect(
            found.fix
                == "cgroupDriver: systemd in /var/lib/kubelet/config.yaml, then systemctl restart kubelet, on a drained node"
        )
    }

    @Test("a driver that nobody told kubelet is a warning: newer ones ask the runtime")
    func builtIn() throws {
        let found = try remark(of: .kubeletDriver, on: machine("crio", kubelet: nil))
        #expect(found.severity == .warning)
        #expect(
            found.what
                == "kubelet uses the cgroup driver cgroupfs (kubelet's default), but CRI-O uses systemd (its default)")
    }

    @Test("without systemd it is cgroupfs for both")
    func withoutSystemd() throws {
        let found = try remark(of: .kubeletDriver, on: machine("crio", kubelet: "cgroupfs", systemd: false))
        #expect(found.severity == .error)
        #expect(found.wanted == "cgroupfs for both")
        #expect(
            found.fix?.hasPrefix("cgroup_manager = \"cgroupfs\" and conmon_cgroup = \"pod\" below [crio.runtime]")
                == true)
    }

    @Test("of several handlers the default one counts")
    func handlers() throws {
        let text =
            Self.table + "SystemdCgroup = true\n" + Self.table.replacing("runc", with: "kata")
            + "SystemdCgroup = false\n"
        let name = "[plugins.\"io.containerd.grpc.v1.cri\".containerd]\ndefault_runtime_name = \"kata\"\n"
        #expect(
            try severities(of: .kubeletDriver, on: machine("containerd", files: [Self.main: text])) == [.ok])
        #expect(
            try severities(of: .kubeletDriver, on: machine("containerd", files: [Self.main: name + text])) == [.error])
    }

    @Test("what containerd imports is read, and counts")
    func imports() throws {
        let found = try remark(
            of: .kubeletDriver,
            on: machine(
                "containerd", kubelet: "cgroupfs",
                files: [
                    Self.main: "version = 2\nimports = [\"/etc/containerd/conf.d/*.toml\"]\n",
                    "etc/containerd/conf.d/a.toml": Self.table + "SystemdCgroup = true\n",
                    "etc/containerd/conf.d/b.txt": Self.table + "SystemdCgroup = false\n",
                ]))
        #expect(found.what.hasSuffix("containerd uses systemd (/etc/containerd/conf.d/a.toml:2)"))
    }

    @Test("in a file of version 3 the plugin's old name counts for nothing, and its new one does")
    func names() throws {
        func found(_ imported: String) throws -> String {
            try remark(
                of: .kubeletDriver,
                on: machine(
                    "containerd", kubelet: "cgroupfs",
                    files: [
                        Self.main: "version = 3\nimports = ['conf.d/*.toml']\n",
                        "etc/containerd/conf.d/a.toml": imported,
                    ])
            ).what
        }
        let old = Self.table + "SystemdCgroup = true\n"
        #expect(try found(old) == "containerd uses the driver cgroupfs, like kubelet")
        let new = old.replacing("grpc.v1.cri", with: "cri.v1.runtime")
        #expect(try found(new).hasSuffix("containerd uses systemd (/etc/containerd/conf.d/a.toml:2)"))
    }

    @Test("a file without the key, and one elsewhere, are understood")
    func elsewhere() throws {
        var machine = machine("containerd", files: [Self.main: "version = 3\n", "srv/c.toml": "version = 3\n"])
        let found = try remark(of: .kubeletDriver, on: machine)
        #expect(found.what.hasSuffix("containerd uses cgroupfs (its default)"))
        #expect(found.fix?.contains("\"io.containerd.cri.v1.runtime\"") == true)
        machine.process(70, "containerd", "--config", "/srv/c.toml")
        #expect(try remark(of: .kubeletDriver, on: machine).fix?.contains(" in /srv/c.toml") == true)
    }

    @Test(
        "a containerd that kubelet cannot use, or that cannot be told, is nothing",
        arguments: [
            "disabled_plugins = [\"cri\"]\n", "disabled_plugins = ['io.containerd.grpc.v1.cri']\n",
            "[plugins.cri.containerd.runtimes]\nrunc = {options = {SystemdCgroup = true}}\n",
        ])
    func unusable(text: String) throws {
        #expect(try severities(of: .kubeletDriver, on: machine("containerd", files: [Self.main: text])) == [])
        #expect(try severities(of: .kubeletDriver, on: machine("containerd")) == [])
        #expect(try severities(of: .kubeletDriver, on: machine("dockerd", files: [Self.main: ""])) == [])
    }

    @Test("of CRI-O's files the last one that tells counts, and is the one to mend")
    func crio() throws {
        let runtime = "[crio.runtime]\ncgroup_manager = "
        let machine = machine(
            "crio",
            files: [
                "etc/crio/crio.conf": runtime + "\"systemd\"\n", "etc/crio/crio.conf.d/10.conf": "# nothing\n",
                "etc/crio/crio.conf.d/20.conf": runtime + "\"cgroupfs\" # a test\n",
            ])
        let found = try remark(of: .kubeletDriver, on: machine)
        #expect(found.severity == .error)
        #expect(found.what.hasSuffix("CRI-O uses cgroupfs (/etc/crio/crio.conf.d/20.conf:2)"))
        #expect(
            found.fix
                == "cgroup_manager = \"systemd\" below [crio.runtime] in /etc/crio/crio.conf.d/20.conf, "
                + "then systemctl restart crio, on a drained node")
        #expect(try severities(of: .kubeletDriver, on: self.machine("crio")) == [.ok])
    }
}
