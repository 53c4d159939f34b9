// SPDX-License-Identifier: Apache-2.0

import CommandTable
import Testing

@Suite("Texts made from the table")
struct TextTests {
    static let texts: [(String, @Sendable (CommandTable) -> String)] = [
        ("help.txt", { $0.help }),
        ("help-boil.txt", { $0.help(of: $0.commands[0]) }),
        ("help-run.txt", { $0.help(of: $0.commands[1]) }),
        ("kettle.1", { $0.manualPage }),
        ("kettle.bash", { $0.completion(for: .bash) }),
        ("kettle.zsh", { $0.completion(for: .zsh) }),
        ("kettle.fish", { $0.completion(for: .fish) }),
    ]

    @Test("a text is what it was when it was last looked at", arguments: texts.indices)
    func unchanged(index: Int) throws {
        let (file, make) = Self.texts[index]
        let text = make(Kettle().table)
        if environment("UPDATE_SNAPSHOTS") != nil { try write(text, to: snapshots + file) }
        #expect(try read(snapshots + file) == text, "UPDATE_SNAPSHOTS=1 accepts the change of \(file)")
    }

    @Test("help fits a screen")
    func fits() {
        let table = Kettle().table
        for text in [table.help] + table.commands.map(table.help(of:)) {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= 24)
            #expect(lines.allSatisfy { $0.count <= 80 && !$0.hasSuffix(" ") })
        }
    }

    @Test("what programs call is in the manual, and not in the overview")
    func plumbing() {
        let pipe = Command("pipe", "Carry water", false, isPlumbing: true) { _ in 0 }
        let table = CommandTable(name: "kettle", version: "1", summary: "Boil", commands: [pipe])
        #expect(!table.help.contains("Carry water"))
        #expect(table.manualPage.contains("Carry water"))
        #expect(table.completion(for: .bash).contains("pipe"))
    }

    @Test("a table without faults has none to tell")
    func faultless() { #expect(Kettle().table.flaws == []) }

    @Test("the faults of a table are told")
    func faults() {
        let bad = Command(
            "bad", "Ends in a full stop.", false,
            options: [.flag("help", nil, \.self, ""), .flag("hot", "h", \.self, String(repeating: "x", count: 80))]
        ) { _ in 0 }
        let table = CommandTable(name: "kettle", version: "1", summary: "Boil", commands: [bad, bad])
        #expect(table.flaws.contains("two commands 'bad'"))
        #expect(table.flaws.contains("bad: two options '--help'"))
        #expect(table.flaws.contains("bad: two options '-h'"))
        #expect(table.flaws.contains("bad: not a summary: 'Ends in a full stop.'"))
        #expect(table.flaws.contains("bad: not a summary: ''"))
        #expect(table.flaws.contains { $0.hasPrefix("bad: wider than the screen") })
    }
}

@Suite("The manual page, read by other programs")
struct ManualPageTests {
    @Test("groff has no warning", .enabled(if: exists("groff")))
    func groff() throws {
        let page = try TemporaryFile(Kettle().table.manualPage)
        let output = try run("groff -man -Tutf8 -ww -P-c \(page.path) 2>&1 >/dev/null")
        #expect(output == "")
    }

    @Test("mandoc has no warning but that there is no date", .enabled(if: exists("mandoc")))
    func mandoc() throws {
        let page = try TemporaryFile(Kettle().table.manualPage)
        let output = try run("mandoc -T lint -W warning \(page.path) 2>&1")
        let warnings = output.split(separator: "\n").filter { !$0.hasSuffix("missing date, using \"\": TH") }
        #expect(warnings == [])
    }

    @Test("text that roff would read as markup is shown as it is", .enabled(if: exists("groff")))
    func literal() throws {
        let page = try TemporaryFile(Kettle().table.manualPage)
        let shown = try run("groff -man -Tutf8 -P-c -P-b -P-o -P-u \(page.path)")
        for text in ["100 °C", ".hidden files", "'quoted' C:\\paths", "-w, --water LITRES", "--style gentle"] {
            #expect(shown.contains(text), "\(shown)")
        }
    }
}
