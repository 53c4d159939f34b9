// SPDX-License-Identifier: Apache-2.0

import Checks
import FoundationEssentials
import RecordedMachines
import Testing

@testable import rtshield

@Suite("What check prints")
struct CheckTests {
    private static let page =
        String(#filePath.dropLast("Tests/rtshieldTests/CheckTests.swift".count)) + "docs/checks.md"

    @Test("the page of all rules is what the rules say; UPDATE_SNAPSHOTS=1 writes it")
    func page() throws {
        let text = RuleReference(topics: Topic.allCases).text
        if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] != nil {
            try Data(text.utf8).write(to: URL(filePath: Self.page))
        }
        #expect(String(decoding: try Data(contentsOf: URL(filePath: Self.page)), as: UTF8.self) == text)
    }

    @Test("hosts that people build by hand", arguments: ["openshift", "ovirt", "openstack", "docker"])
    func kinds(name: String) throws {
        let directory = try RecordedMachine(files: Recording.files(of: name))
        let result = try Child.run("check", "--sysroot", directory.path)
        try expect(result.output, matches: "check-\(name).txt")
        #expect(result.status == (result.output.contains("\n  warning  ") ? 4 : 0))
    }

    @Test("the exit status is that of the worst, and all of it is for programs, too")
    func status() throws {
        var machine = MachineText(online: "0-7", unified: true)
        machine.file("proc/cmdline", "nohz_full=2-5\n")
        machine.file("sys/devices/system/cpu/nohz_full", "2-5\n")
        let fine = try RecordedMachine(files: machine.files)
        #expect(try Child.run("check", "--sysroot", fine.path).status == 0)
        machine.file("usr/share/containers/oci/hooks.d/a.json", "{")
        machine.file("usr/bin/podman", "")
        let broken = try RecordedMachine(files: machine.files)
        let result = try Child.run("check", "hooks", "--json", "--sysroot", broken.path)
        #expect(result.status == 1)
        #expect(result.output.contains(#""rule": "hooks.files""#) && result.output.contains(#""severity": "error""#))
        #expect(try Child.run("check", "kernel", "--sysroot", broken.path).status == 0)
    }

    @Test("a topic, a profile and a file that are not there are mistakes")
    func mistakes() throws {
        #expect(try Child.run("check", "kernl").errors.contains("did you mean 'kernel'?"))
        #expect(try Child.run("check", "--profile", "openshft").status == 2)
        let missing = try Child.run("check", "--kubelet-config", "/no/such/file")
        #expect(missing.status == 1)
        #expect(missing.errors.hasPrefix("rtshield: cannot read /no/such/file: No such file or directory\n"))
    }
}
