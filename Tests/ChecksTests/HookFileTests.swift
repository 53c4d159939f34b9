// SPDX-License-Identifier: Apache-2.0

import Glibc
import MachineKit
import RecordedMachines
import Reports
import ShieldKit
import Testing

@testable import Checks

@Suite("Files of hooks")
struct HookFileTests {
    private static let program = "usr/local/sbin/rtshield-hook"
    private static let ours = """
        {"version": "1.0.0", "hook": {"path": "/usr/local/sbin/rtshield-hook", "timeout": 5},
         "when": {"always": true}, "stages": ["createRuntime", "poststop"]}
        """

    /// A machine with Podman and one file of hooks.
    private func machine(_ text: String, name: String = "50-rtshield.json") throws -> MachineText {
        var machine = try MachineText.shielded()
        machine.file("usr/bin/podman", "")
        machine.file("usr/share/containers/oci/hooks.d/" + name, text)
        machine.file(Self.program, "")
        return machine
    }

    @Test("what engines refuse is an error with its place")
    func faults() throws {
        let broken = try remarks(of: .hookFiles, on: machine("{\n  \"version\": ,\n}"))
        #expect(broken.map(\.severity) == [.error])
        #expect(broken.first?.what.hasPrefix("/usr/share/containers/oci/hooks.d/50-rtshield.json:3:1: ") == true)
        let cases = [
            "[]", "{}", Self.ours.replacing("1.0.0", with: "2.0.0"),
            Self.ours.replacing("poststop", with: "later"), Self.ours.replacing("/usr/local/sbin/", with: ""),
            String(repeating: "[", count: 10_000), "\u{0}",
        ]
        for text in cases {
            let found = try severities(of: .hookFiles, on: machine(text))
            #expect(!found.isEmpty && found.allSatisfy { $0 == .error }, "\(text.prefix(40))")
        }
        #expect(try severities(of: .hookFiles, on: machine(Self.ours)) == [.ok])
        #expect(try severities(of: .hookFiles, on: .shielded()) == [])
    }

    @Test("a hook that never runs is told")
    func idle() throws {
        let never = Self.ours.replacing(#""always": true"#, with: #""often": true"#)
        #expect(try severities(of: .hookFiles, on: machine(never)) == [.warning])
    }

    @Test("a pipe in place of a file keeps nobody waiting", .timeLimit(.minutes(1)))
    func pipes() throws {
        let machine = try machine(Self.ours)
        let prepare = { (root: String) in
            mkfifo(root + "/usr/share/containers/oci/hooks.d/60.json", 0o644)
            symlink("loop.json", root + "/usr/share/containers/oci/hooks.d/loop.json")
        }
        let found = try remarks(of: .hookFiles, on: machine, preparing: prepare)
        #expect(found.map(\.severity) == [.error, .error])
    }

    @Test("a file that nobody reads is no error, and one that is masked is none of ours")
    func unread() throws {
        var machine = try machine("{")
        machine.file(
            "etc/containers/containers.conf", "[engine]\nhooks_dir = [\n  \"/etc/containers/oci/hooks.d\",\n]\n")
        machine.file("etc/containers/oci/hooks.d/50-rtshield.json", Self.ours)
        // CRI-O, which is not there, would read the first.
        #expect(try severities(of: .hookFiles, on: machine) == [.warning])
        machine.file(
            "etc/containers/containers.conf",
            "hooks_dir = [\"/usr/share/containers/oci/hooks.d\", \"/etc/containers/oci/hooks.d\"]\n")
        machine.file("etc/crio/crio.conf", "hooks_dir = [\"/etc/containers/oci/hooks.d\"]\n")
        #expect(try severities(of: .hookFiles, on: machine) == [.ok])
    }

    @Test("a program that is missing, or cannot run, is told")
    func programs() throws {
        #expect(try severities(of: .hookPrograms, on: machine(Self.ours)) == [.error])
        #expect(
            try remarks(of: .hookPrograms, on: machine(Self.ours), preparing: permitting(0o755, "/" + Self.program))
                .map(\.severity) == [.ok])
        let other = Self.ours.replacing("rtshield-hook", with: "nvidia-hook")
        #expect(try severities(of: .hookPrograms, on: machine(other)) == [.warning])
    }

    @Test("a program that others can write is an error")
    func owners() throws {
        let machine = try machine(Self.ours)
        #expect(
            try remarks(of: .programOwners, on: machine, preparing: permitting(0o757, "/" + Self.program))
                .map(\.severity) == [.error])
        #expect(
            try remarks(of: .programOwners, on: machine, preparing: permitting(0o755, "/" + Self.program)) == [])
    }

    @Test("a hook that misses a stage, or containers, is told")
    func conditions() throws {
        #expect(try severities(of: .hookConditions, on: machine(Self.ours)) == [])
        #expect(
            try severities(of: .hookConditions, on: machine(Self.ours.replacing(", \"poststop\"", with: ""))) == [
                .error
            ])
        let narrow = Self.ours.replacing(#""always": true"#, with: #""annotations": {"^a$": "b"}"#)
        #expect(try severities(of: .hookConditions, on: machine(narrow)) == [.note, .note])
        var elsewhere = try MachineText.shielded()
        elsewhere.file("etc/containers/oci/hooks.d/50-rtshield.json", Self.ours)
        #expect(try severities(of: .hookConditions, on: elsewhere) == [.warning])
    }

    @Test("an engine that waits less than the hook takes is told")
    func time() throws {
        #expect(try severities(of: .hookTime, on: machine(Self.ours)) == [.ok])
        #expect(
            try severities(of: .hookTime, on: machine(Self.ours.replacing(#", "timeout": 5"#, with: ""))) == [.note])
        var slow = try machine(Self.ours)
        slow.file("etc/rtshield/config.yaml", "shield:\n  cpus: 2-5\ncontainers:\n  hook-seconds: 5\n")
        #expect(try severities(of: .hookTime, on: slow) == [.warning])
    }

    @Test("an engine without the hook is noted, and one whose settings leave it out is told")
    func installed() throws {
        #expect(try severities(of: .hookInstalled, on: machine(Self.ours)) == [.ok])
        #expect(try severities(of: .hookInstalled, on: machine(Self.ours, name: "README")) == [.note])
        var other = try machine(Self.ours)
        other.file("etc/containers/containers.conf.d/x.conf", "[engine]\nhooks_dir = [\"/opt/hooks\"]\n")
        #expect(try severities(of: .hookInstalled, on: other) == [.warning])
        #expect(try severities(of: .hookInstalled, on: .shielded()) == [])
    }

    @Test("a configuration that cannot be read is told, and does not end the check")
    func unreadable() throws {
        var machine = try machine(Self.ours)
        machine.file("etc/containers/containers.conf/", "")
        machine.file("etc/crio/crio.conf", String(repeating: "a", count: 2 << 20))
        #expect(try severities(of: .hookFiles, on: machine) == [.warning, .warning, .ok])
    }
}
