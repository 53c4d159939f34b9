// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Runtimes of engines")
struct EngineRuntimeTests {
    private static let program = "usr/local/sbin/rtshield-runtime"
    private static let daemon = #"{"runtimes": {"rtshield": {"path": "/usr/local/sbin/rtshield-runtime"}}}"#
    private static let handler = """
        version = 2
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.rtshield]
          pod_annotations = ["rtshield.io/*", "*.crio.io", "*.crio.io/*"]
        [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.rtshield.options]
          BinaryName = "/usr/local/sbin/rtshield-runtime"

        """

    private func machine(_ file: String, _ text: String) throws -> MachineText {
        var machine = try MachineText.shielded()
        machine.process(50, "dockerd")
        machine.process(51, "containerd")
        machine.process(52, "kubelet")
        machine.file(file, text)
        machine.file(Self.program, "")
        return machine
    }

    private func found(_ rule: Rule, _ file: String, _ text: String) throws -> [Finding.Severity] {
        try remarks(of: rule, on: machine(file, text), preparing: permitting(0o755, "/" + Self.program)).map(\.severity)
    }

    @Test(
        "a daemon.json that dockerd refuses is an error with its place", arguments: ["{", "[]", "{\"a\":1,}", "\u{1}"])
    func broken(text: String) throws {
        let remarks = try remarks(of: .dockerFile, on: machine("etc/docker/daemon.json", text))
        #expect(remarks.map(\.severity) == [.error])
        #expect(remarks.first?.what.hasPrefix("/etc/docker/daemon.json:1:") == true)
    }

    @Test("one that it takes is fine, and none is nothing")
    func fine() throws {
        #expect(try severities(of: .dockerFile, on: machine("etc/docker/daemon.json", "{}")) == [.ok])
        #expect(try severities(of: .dockerFile, on: machine("etc/docker/daemon.json", " \n")) == [])
        #expect(try severities(of: .dockerFile, on: .shielded()) == [])
        #expect(try severities(of: .dockerFile, on: machine("etc/docker/daemon.json/", "")) == [.error])
    }

    @Test("Docker's runtime is registered, is there, and is the default")
    func docker() throws {
        let path = "etc/docker/daemon.json"
        #expect(try found(.dockerRuntime, path, "{}") == [.note])
        #expect(try severities(of: .dockerRuntime, on: machine(path, Self.daemon)) == [.error])
        #expect(try found(.dockerRuntime, path, Self.daemon) == [.note])
        #expect(
            try found(.dockerRuntime, path, #"{"default-runtime": "rtshield", "# + Self.daemon.dropFirst()) == [.ok])
        #expect(try severities(of: .dockerRuntime, on: .shielded()) == [])
    }

    @Test("containerd's handler is there, and its program is")
    func containerd() throws {
        let path = "etc/containerd/config.toml"
        #expect(try found(.containerdRuntime, path, Self.handler) == [.ok])
        let missing = try remarks(of: .containerdRuntime, on: machine(path, Self.handler))
        #expect(missing.map(\.severity) == [.error])
        #expect(
            missing.first?.what.hasPrefix(
                "/etc/containerd/config.toml:5: /usr/local/sbin/rtshield-runtime cannot be executed") == true)
        #expect(try found(.containerdRuntime, path, "version = 2\n") == [.note])
        #expect(try severities(of: .containerdRuntime, on: .shielded()) == [])
    }

    @Test("containerd's handler counts where its file is imported, and where a process names another file")
    func elsewhere() throws {
        let path = "/srv/containerd/handler.toml"
        var machine = try machine("etc/containerd/config.toml", "version = 2\nimports = ['\(path)']\n")
        machine.file(String(path.dropFirst()), Self.handler)
        let there = try remarks(of: .containerdRuntime, on: machine)
        #expect(there.first?.what.hasPrefix("\(path):5: /usr/local/sbin/rtshield-runtime cannot be executed") == true)
        machine.file("etc/containerd/config.toml", "version = 2\n")
        #expect(try severities(of: .containerdRuntime, on: machine) == [.note])
        machine.process(51, "containerd", "--config", "/run/docker/containerd/containerd.toml")
        machine.process(53, "containerd", "-c", path)
        #expect(try severities(of: .containerdRuntime, on: machine) == [.error])
    }

    @Test("a handler that containerd passes over, as an imported file is of a later version, is an error")
    func hidden() throws {
        var machine = try machine(
            "etc/containerd/config.toml",
            Self.handler.replacing("version = 2", with: "version = 2\nimports = ['toolkit.toml']"))
        machine.file("etc/containerd/toolkit.toml", "version = 3\n")
        let remarks = try remarks(of: .containerdRuntime, on: machine)
        #expect(remarks.map(\.severity) == [.error])
        let what = "does not read the handler, because /etc/containerd/toolkit.toml"
        #expect(remarks.first?.what.contains(what) == true)
    }

    @Test("annotations that do not reach the hook are told")
    func annotations() throws {
        let path = "etc/containerd/config.toml"
        #expect(try found(.containerdAnnotations, path, Self.handler) == [.ok])
        #expect(
            try found(.containerdAnnotations, path, Self.handler.replacing("rtshield.io/*", with: "a/*")) == [.warning])
        #expect(try found(.containerdAnnotations, path, "") == [])
    }

    @Test("annotations that two programs carry out are told")
    func crio() throws {
        var machine = try machine("usr/bin/crio", "")
        machine.file(
            "usr/share/containers/oci/hooks.d/50-rtshield.json", #"{"hook": {"path": "/usr/local/sbin/rtshield-hook"}}"#
        )
        #expect(try severities(of: .crioAnnotations, on: machine) == [.ok])
        machine.file(
            "etc/crio/crio.conf.d/10.conf",
            "[crio.runtime.runtimes.runc]\nallowed_annotations = [\n \"io.kubernetes.cri-o.Devices\",\n \"cpu-quota.crio.io\",\n]\n"
        )
        let remarks = try remarks(of: .crioAnnotations, on: machine)
        #expect(remarks.map(\.severity) == [.warning])
        #expect(
            remarks.first?.what.hasPrefix("/etc/crio/crio.conf.d/10.conf:2: CRI-O carries out cpu-quota.crio.io")
                == true)
    }
}
