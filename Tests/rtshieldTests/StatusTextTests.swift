// SPDX-License-Identifier: Apache-2.0

import RecordedMachines
import ShieldKit
import Testing
import Text

@testable import rtshield

@Suite("What status draws")
struct StatusTextTests {
    private static let plain = Style(hasColours: false, width: 80)

    private func text(_ machine: MachineText, _ style: Style = plain) throws -> String {
        try Machines.report(machine).text(style)
    }

    @Test("a shielded machine")
    func shielded() throws { try expect(text(Machines.shielded()), matches: "status-shielded.txt") }

    @Test("a machine without a shield, with two threads a core, two nodes, an offline CPU and isolcpus=")
    func none() throws {
        var machine = MachineText(online: "0-6", present: "0-7", unified: false, release: "6.1.0-28-rt-amd64")
        machine.file("proc/cmdline", "quiet isolcpus=6\n")
        for cpu in 0..<7 {
            let core = "\(cpu % 4),\(cpu % 4 + 4)"
            machine.file("sys/devices/system/cpu/cpu\(cpu)/topology/thread_siblings_list", core + "\n")
        }
        for (node, cpus) in ["0-1,4-5", "2-3,6"].enumerated() {
            machine.file("sys/devices/system/node/node\(node)/cpulist", cpus + "\n")
        }
        machine.file("sys/devices/system/node/has_memory", "0-1\n")
        machine.task(7, "sh", affinity: "0-5")
        try expect(text(machine), matches: "status-none.txt")
    }

    @Test("a pool whose partition the kernel holds for invalid")
    func pool() throws {
        var machine = MachineText(online: "0-7", unified: true)
        machine.group(
            "/rtshield", cpus: "2-5", effective: "2-5",
            partition: "isolated invalid (Cpu list in cpuset.cpus not exclusive)")
        try machine.journal(Machines.shield(.pool(balanced: false)))
        try expect(text(machine), matches: "status-pool.txt")
    }

    @Test("more CPUs than columns: those that are alike share one")
    func merged() throws {
        var machine = MachineText(online: "0-127", unified: false)
        machine.task(7, "sh", affinity: "0-127")
        machine.task(8, "low", affinity: "0-63")
        try expect(text(machine), matches: "status-128-alike.txt")
    }

    @Test("more CPUs than columns, and all differ: rows become lists")
    func lists() throws {
        var machine = MachineText(online: "0-127", unified: false)
        for cpu in stride(from: 0, to: 128, by: 2) {
            machine.task(100 + cpu, "t\(cpu)", affinity: "\(cpu)")
            machine.interrupt(24 + cpu, effective: "\(cpu / 3)", allowed: "0-127")
        }
        try expect(text(machine), matches: "status-128-lists.txt")
    }

    @Test("no line is wider than the screen", arguments: [50, 60, 80, 132])
    func width(columns: Int) throws {
        let text = try text(Machines.shielded(), Style(hasColours: false, width: columns))
        for line in text.split(separator: "\n") { #expect(line.count <= columns, "\(line)") }
    }

    @Test("colours change nothing but colours")
    func colours() throws {
        let machine = try Machines.shielded()
        let coloured = try text(machine, Style(hasColours: true, width: 80))
        #expect(coloured.contains("\u{1B}[32m"))
        let bare = coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "")
        #expect(try bare == text(machine))
    }

    @Test("a name cannot reach the terminal's controls")
    func escapes() throws {
        let text = try text(Machines.shielded())
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        #expect(text.contains("evil\\u{1B}[2J\\nname"))
    }

    @Test(
        "what could move the cursor or turn the writing is escaped, and other text left alone",
        arguments: [
            ("plain-name_1", "plain-name_1"), ("é 漢字", "é 漢字"), ("\u{9B}31m", "\\u{9B}31m"), ("\u{7F}", "\\u{7F}"),
            ("a\u{202E}b", "a\\u{202E}b"), ("a\tb", "a\\tb"), ("\u{2028}", "\\u{2028}"),
        ])
    func safe(name: String, shown: String) { #expect(name.safeToPrint == shown) }
}
