// SPDX-License-Identifier: Apache-2.0

import CgroupKit
import Containers
import FoundationEssentials
import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import rtshield

@Suite("What explain prints")
struct ExplanationTextTests {
    private static let plain = Style(hasColours: false, width: 80)

    private static func spec(
        cpus: String, annotations: String = "", seccomp: String = "", engine: String = "docker"
    ) -> String {
        """
        {"ociVersion": "1.0.2", "process": {"args": ["sh"]}, "annotations": {\(annotations)},
         "linux": {"cgroupsPath": "system.slice:\(engine):0123456789abcdef", "resources": {"cpu": {"cpus": "\(cpus)"}}\(seccomp)}}
        """
    }

    private func text(_ spec: String, pool: CPUSet? = [2, 3, 4, 5], limits: RealtimeLimits = .init()) throws -> String {
        let container = Container(try Spec(reading: Array(spec.utf8)))
        let decision = Decision(
            on: container, in: DecisionContext(pool: pool), by: ContainerPolicy(realtime: limits))
        return ExplanationView(decision: decision, style: Self.plain).text
    }

    @Test("a container on the shield, with requests that would be granted and a profile in the way")
    func granted() throws {
        var limits = RealtimeLimits()
        (limits.maxPriority, limits.above) = (50, .clamp)
        let annotations = #"""
            "irq-load-balancing.crio.io": "disable", "cpu-c-states.crio.io": "max_latency:10",
            "rtshield.io/rt-policy": "fifo", "rtshield.io/rt-priority": "80", "rtshield.io/rt-runtime": "500ms"
            """#
        let seccomp = #", "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": []}"#
        let spec = Self.spec(cpus: "2-3", annotations: annotations, seccomp: seccomp)
        try expect(text(spec, limits: limits), matches: "explain-granted.txt")
    }

    @Test("a container off the shield, with requests that are not for it")
    func refused() throws {
        let annotations = #""cpu-quota.crio.io": "disable", "rtshield.io/rt-priority": "80""#
        try expect(text(Self.spec(cpus: "0-1", annotations: annotations)), matches: "explain-refused.txt")
    }

    @Test("annotations that cannot be understood, and what could steer a terminal")
    func problems() throws {
        let annotations =
            #""rtshield.io/cpus": "\u001b[2J", "rtshield.io/zzz": "1", "io.kubernetes.cri.image-name": "a\u202eb""#
        let spec = Self.spec(cpus: "", annotations: annotations, engine: "cri-containerd")
        try expect(text(spec, pool: nil), matches: "explain-problems.txt")
    }
}

@Suite("explain, from outside")
struct ExplainTests {
    /// Where bundles and a kubelet's file were recorded.
    private static let recorded =
        String(#filePath.dropLast("rtshieldTests/ExplainTests.swift".count)) + "ContainersTests/Fixtures"

    private struct Payload: Decodable {
        struct Reason: Decodable {
            var condition: String
            var decides: Bool
        }
        var id: String?
        var engine: String
        var verdict: String
        var cpus: String
        var reasons: [Reason]
        var isDenied: Bool

        var deciding: [String] { reasons.filter(\.decides).map(\.condition) }
    }

    private func payload(_ words: String..., input: String? = nil) throws -> Payload {
        let result = try Child.run(["explain", "--json"] + words, input: input)
        #expect(result.errors == "")
        return try JSONDecoder().decode(Payload.self, from: Data(result.output.utf8))
    }

    @Test(
        "the recorded bundles get their verdicts", arguments: ["v1-cgroupfs", "v2-systemd"],
        [
            ("rt-container", "exclusive", "2-3", "cpu-manager"), ("be-container", "shared", "", "cpu-manager"),
            ("rt-sandbox", "shared", "", "sandbox"), ("be-sandbox", "shared", "", "sandbox"),
        ])
    func recorded(host: String, expected: (bundle: String, verdict: String, cpus: String, condition: String)) throws {
        let directory = "\(Self.recorded)/\(host)"
        let payload = try payload("--kubelet-root", directory, "\(directory)/\(expected.bundle)")
        #expect(payload.verdict == expected.verdict)
        #expect(payload.cpus == expected.cpus)
        #expect(payload.deciding == [expected.condition])
        #expect(payload.engine == "containerd")
        #expect(!payload.isDenied)
    }

    @Test("the table form of a recorded bundle")
    func table() throws {
        let directory = "\(Self.recorded)/v2-systemd"
        let result = try Child.run("explain", "--kubelet-root", directory, "\(directory)/rt-container")
        #expect(result.status == 0)
        try expect(result.output, matches: "explain-recorded.txt")
    }

    @Test("a state on standard input leads to its bundle, and one of crun's by its id")
    func state() throws {
        let machine = try RecordedMachine(files: [
            "run/crun/c1/config.json": #"{"linux": {"cgroupsPath": "/kubepods/pod1/c1"}}"#
        ])
        let state = { (bundle: String) in
            #"{"ociVersion": "1.0", "id": "c1", "status": "created", "pid": 7, "bundle": "\#(bundle)"}"#
        }
        for bundle in ["/", machine.path + "/run/crun/c1"] {
            let payload = try payload("--sysroot", machine.path, "-", input: state(bundle))
            #expect(payload.id == "c1")
            #expect(payload.deciding == ["cpus"])
        }
    }

    @Test("a container is found by the beginning of its id, and judged by the shield of its machine")
    func shielded() throws {
        var text = try Machines.shielded()
        let place = "run/containerd/io.containerd.runtime.v2.task/moby/0123abcd"
        text.file(
            "\(place)/config.json",
            #"{"annotations": {"rtshield.io/rt-priority": "5"}, "linux": {"resources": {"cpu": {"cpus": "3"}}}}"#)
        text.file("etc/rtshield/config.yaml", "shield: {cpus: 2-5}\nrealtime: {max-priority: 4}\n")
        let machine = try RecordedMachine(files: text.files)
        let payload = try payload("--sysroot", machine.path, "0123")
        #expect(payload.id == "0123abcd")
        #expect(payload.engine == "docker")
        #expect(payload.verdict == "exclusive")
        #expect(payload.deciding == ["shield"])
        #expect(payload.isDenied)
        let result = try Child.run("explain", "--sysroot", machine.path, "0123")
        #expect(result.status == 1)
        #expect(result.output.contains("priority 5 is above realtime.max-priority, 4"))
        text.file("lenient.yaml", "shield: {cpus: 2-5}\nrealtime: {max-priority: 5}\n")
        let lenient = try RecordedMachine(files: text.files)
        let config = lenient.path + "/lenient.yaml"
        #expect(try Child.run("explain", "--sysroot", lenient.path, "--config", config, "0123").status == 0)
    }

    @Test("what cannot be read is one clear line and exit 1")
    func unreadable() throws {
        let machine = try RecordedMachine(files: ["b/config.json": "{\"a\":", "l/": "", "d/config.json": "[]"])
        try FileManager.default.createSymbolicLink(
            atPath: machine.path + "/l/config.json", withDestinationPath: machine.path + "/b/config.json")
        for (word, mention) in [
            ("/none", "/none: No such file or directory"), ("/b", "config.json:1:6: the text ends too early"),
            ("/l", "it is a symbolic link"), ("/d", "an object is wanted, and this is a list"),
        ] {
            let result = try Child.run("explain", machine.path + word)
            #expect(result.status == 1)
            #expect(result.output == "")
            #expect(
                result.errors.split(separator: "\n").first?.hasSuffix(mention) == true
                    || result.errors.contains(mention), "\(result.errors)")
            #expect(result.errors.hasPrefix("rtshield: "))
        }
        let unknown = try Child.run("explain", "--sysroot", machine.path, "none")
        #expect(unknown.status == 1)
        #expect(unknown.errors.contains("give its bundle as a path with a slash"))
    }

    @Test("what is no state is one clear line and exit 1")
    func badState() throws {
        for (input, mention) in [
            ("", "state:1:1: the text is empty"), ("{", "state:1:2: the text ends too early"),
            (String(repeating: " ", count: 2 << 20), "the state on standard input is larger than 1 MiB"),
            (String(repeating: "[", count: 10_000), "state:1:65: more than 64 levels lie inside each other"),
        ] {
            let result = try Child.run(["explain", "-"], input: input)
            #expect(result.status == 1)
            #expect(result.errors.contains(mention), "\(result.errors)")
        }
    }

    @Test("a kubelet's directory that was named and whose file is wrong is refused")
    func badKubelet() throws {
        let machine = try RecordedMachine(files: ["k/cpu_manager_state": "{}"])
        let result = try Child.run(
            "explain", "--kubelet-root", machine.path + "/k", "\(Self.recorded)/v2-systemd/rt-container")
        #expect(result.status == 1)
        #expect(result.errors.contains("cpu_manager_state:1:1: policyName: a text is wanted here"))
    }

    @Test("without a container there is nothing to explain")
    func usage() throws { #expect(try Child.run("explain").status == 2) }
}
