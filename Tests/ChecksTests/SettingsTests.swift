// SPDX-License-Identifier: Apache-2.0

import MachineKit
import RecordedMachines
import Testing

@testable import Checks

@Suite("Configurations of lines")
struct SettingsTests {
    @Test("headers, quotes, comments and lines that go on are understood")
    func forms() {
        let text = """
            # a comment
            export A = "1 2"
            [one]
            key=a\\
              b
            nonsense
            ; another
            [two]
            key='c'
            """
        let settings = Settings(text)
        #expect(settings["A"]?.value == "1 2")
        #expect(settings["key", in: "one"]?.value == "a b")
        #expect(settings["key", in: "one"]?.line == 4)
        #expect(settings["key", in: "two"]?.value == "c")
    }

    @Test(
        "what nobody wrote as a configuration is passed over",
        arguments: ["", "\u{0}\u{1}", "[[[[", "=\n=\n", "\\\n\\"])
    func nonsense(text: String) { #expect(Settings(text).all.allSatisfy { $0.key.isEmpty }) }

    @Test(
        "lists with exceptions are understood",
        arguments: [("4-12,^8", "4-7,9-12"), ("2,3", "2-3"), (" 1 , !1", "")])
    func exceptions(text: String, list: String) {
        #expect(CPUSet(cpuSpecification: text, possible: CPUSet(0...15)) == CPUSet(kernelList: list))
    }

    @Test(
        "functions of tuned are no lists", arguments: ["${f:calc_isolated_cores:1}", "${isolated_cores_assert}", "a"])
    func functions(text: String) { #expect(CPUSet(cpuSpecification: text, possible: CPUSet(0...15)) == nil) }

    @Test("a long list does not take long", .timeLimit(.minutes(1)))
    func long() throws {
        var machine = try MachineText.shielded()
        machine.process(9, "crio")
        machine.file("etc/crio/crio.conf", "hooks_dir = [\n" + String(repeating: "\"a\",\n", count: 30_000))
        #expect(try severities(of: .hookFiles, on: machine) == [])
        #expect(Settings("a = b\\\n" + String(repeating: "c\\\n", count: 100_000)).all.count == 1)
    }
}
