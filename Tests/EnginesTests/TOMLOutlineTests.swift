// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Engines

@Suite("What lines of TOML tell")
struct TOMLOutlineTests {
    @Test(
        "keys are taken apart",
        arguments: [
            ("a.b", ["a", "b"]), (#" a . "b.c" . 'd' "#, ["a", "b.c", "d"]), ("a", ["a"]),
        ])
    func keys(text: String, parts: [String]) { #expect(TOMLKey.parts(of: text) == parts) }

    @Test("what is no key is none", arguments: ["", "a.", ".a", "a b", "\"a", "a..b"])
    func noKeys(text: String) { #expect(TOMLKey.parts(of: text) == nil) }

    @Test("tables, keys below them and lists over several lines are found, comments and texts are not")
    func outline() {
        let text = """
            version = 2 # the version
            list = [
              "a", # ]
              "b]",
            ]
            [ a . "x.y" ] # z
            s = "# no comment"
            t = \"\"\"
            [not.a.table]
            \"\"\"
            [[b]]
            # [c]
            """
        let outline = TOMLOutline(text)
        #expect(outline.tables == [["a", "x.y"], ["b"]])
        #expect(outline["version"] == "2")
        #expect(TOMLText.strings(in: outline["list"] ?? "") == ["a", "b]"])
        #expect(outline["a", "x.y", "s"] == "\"# no comment\"")
        #expect(outline.assignments.count == 4)
    }
}
