// SPDX-License-Identifier: Apache-2.0

import Engines
import FoundationEssentials
import Glibc
import MachineKit
import RecordedMachines
import Testing

@testable import rtshield

@Suite("install and uninstall, from outside")
struct InstallTests {
    /// The directory of the program under test, in which it tells engines to look.
    private static let directory = String(Child.path.dropLast("/rtshield".count))

    /// A machine as a directory, with the programs beside where the program under test is on this one.
    private func machine(_ files: [String: String] = [:]) throws -> RecordedMachine {
        var files = files
        let programs = ["rtshield-hook", "rtshield-runtime"].map { "\(Self.directory.dropFirst())/\($0)" }
        for program in programs { files[program] = "" }
        let machine = try RecordedMachine(files: files)
        for program in programs { chmod("\(machine.path)/\(program)", 0o755) }
        return machine
    }

    private func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("a dry run prints the lines and what is left to do, and changes nothing")
    func dryRun() throws {
        let machine = try machine(["etc/docker/daemon.json": "{\n  \"debug\": true\n}\n"])
        let result = try Child.run("install", "docker", "--dry-run", "--root", machine.path)
        #expect(result.status == 0 && result.errors == "")
        let output = result.output.replacing(machine.path, with: "").replacing(Self.directory, with: "/usr/local/sbin")
        try expect(output, matches: "install-docker.txt")
        #expect(text(machine.path + "/etc/docker/daemon.json") == "{\n  \"debug\": true\n}\n")
    }

    @Test("each engine is told, told once, and told no more", arguments: InstallableEngine.allCases)
    func roundTrip(engine: InstallableEngine) throws {
        let machine = try machine()
        let first = try Child.run("install", engine.rawValue, "--root", machine.path)
        #expect(first.status == 0 && first.output.hasPrefix(machine.path) && first.errors == "", "\(first)")
        let second = try Child.run("install", engine.rawValue, "--root", machine.path)
        #expect(second.output == "Nothing to do: \(engine) is set up already.\n" && second.status == 0)
        let dry = try Child.run("uninstall", engine.rawValue, "-n", "--root", machine.path)
        #expect(dry.output.contains(" would be removed:\n"))
        let third = try Child.run("uninstall", engine.rawValue, "--root", machine.path)
        #expect(third.status == 0 && third.output.contains(" was removed.\n"))
        let fourth = try Child.run("uninstall", engine.rawValue, "--root", machine.path)
        #expect(fourth.output == "Nothing to do: \(engine) is not set up for rtshield.\n" && fourth.status == 0)
    }

    @Test("for Kubernetes a manifest is printed, and nothing else")
    func manifest() throws {
        let result = try Child.run("install", "kubernetes")
        #expect(result.status == 0 && result.output == RuntimeClass.manifest)
        #expect(try Child.run("uninstall", "kubernetes").output.contains("kubectl delete runtimeclass rtshield\n"))
    }

    @Test("a refusal is one line of what, one of why, one of what to do, and exit 1")
    func refused() throws {
        let machine = try machine(["etc/containerd/config.toml": "disabled_plugins = [\"cri\"]\nversion = 2\n"])
        let result = try Child.run("install", "containerd", "--root", machine.path)
        #expect(result.status == 1 && result.output == "")
        #expect(
            result.errors == """
                rtshield: containerd's CRI plugin is disabled in /etc/containerd/config.toml
                  why:  handlers are for Kubernetes, which needs the plugin; Docker has runtimes of its own
                  try:  remove it from disabled_plugins, or set up Docker instead

                """)
    }

    @Test("an engine that is unknown, and an option for another, are exit 2")
    func usage() throws {
        let unknown = try Child.run("install", "dockr")
        #expect(unknown.status == 2 && unknown.errors.contains("did you mean 'docker'?"))
        #expect(try Child.run("install", "podman", "--default").status == 2)
        #expect(try Child.run("uninstall").status == 2)
    }
}

@Suite("Lines that differ")
struct LineDifferenceTests {
    @Test("are shown with those around them, and nothing else")
    func context() {
        let old = (1...12).map { "line \($0)\n" }.joined()
        let new = old.replacing("line 2\n", with: "line two\n") + "\u{1B}[2J\n"
        let text = LineDifference(old, new).text
        #expect(
            text == """
                    line 1
                  - line 2
                  + line two
                    line 3
                    line 4
                  …
                    line 11
                    line 12
                  + \\u{1B}[2J

                """)
    }

    @Test("are all of them where a file comes or goes")
    func whole() {
        #expect(LineDifference(nil, "a\n\nb").text == "  + a\n  +\n  + b\n")
        #expect(LineDifference("a\n", nil).text == "  - a\n")
        #expect(LineDifference("a\n", "a\n").text == "")
    }
}
