// SPDX-License-Identifier: Apache-2.0

import Text
import Testing
import YAML

@Suite("Mistakes in YAML")
struct YAMLErrorTests {
    private func error(_ text: [UInt8]) throws -> YAMLError {
        try #require(throws: YAMLError.self) { try Node(parsing: text) }
    }

    @Test(
        "what is no YAML is refused where it stands",
        arguments: [
            ("a:\n\tb: 1", "2:1: a tab cannot indent\n  indent with spaces"),
            ("é:\n  b:\n  \tc: 1", "3:3: a tab cannot indent\n  indent with spaces"),
            ("a:\r\n\tb: 1", "2:1: a tab cannot indent\n  indent with spaces"),
            (
                "a: 1\nb: @c",
                "2:4: found character that cannot start any token while scanning for the next token\n"
                    + "  quote text that starts with '@'"
            ),
            ("a: b: c", "1:5: mapping values are not allowed in this context"),
            ("a: 1\n b: 2", "2:3: mapping values are not allowed in this context"),
            ("a: [1, 2", "1:9: did not find expected ',' or ']' while parsing a flow sequence"),
            ("a: 'b", "1:6: found unexpected end of stream while scanning a quoted scalar"),
            (
                "a: *%b",
                "1:5: did not find expected alphabetic or numeric character while scanning an alias\n"
                    + "  quote text that starts with '*' or '&'"
            ),
        ])
    func syntax(text: String, message: String) throws {
        #expect(try error(Array(text.utf8)).description == message)
    }

    @Test(
        "what YAML has and a configuration needs not is refused",
        arguments: [
            (
                "a: *eth0",
                "1:4: aliases are not read\n  write the value out, or quote it if it is a text that starts with '*'"
            ),
            (
                "- 1\n- &x 2",
                "2:3: anchors are not read\n  leave it out, or quote a text that starts with '&'"
            ),
            ("a: &x {b: 1}", "1:4: anchors are not read\n  leave it out, or quote a text that starts with '&'"),
            ("a: &x [1]", "1:4: anchors are not read\n  leave it out, or quote a text that starts with '&'"),
            ("&x a: 1", "1:1: anchors are not read\n  leave it out, or quote a text that starts with '&'"),
            ("a: !secret b", "1:4: tags are not read\n  leave it out, or quote a text that starts with '!'"),
            ("a: !!str 1", "1:4: tags are not read\n  leave it out, or quote a text that starts with '!'"),
            ("a: !x [1]", "1:4: tags are not read\n  leave it out, or quote a text that starts with '!'"),
            ("a: !x {b: 1}", "1:4: tags are not read\n  leave it out, or quote a text that starts with '!'"),
            ("a: 1\n---\nb: 2", "2:1: a second document starts here\n  keep one document, and no other '---'"),
            ("a: 1\n...\n---\n", "3:1: a second document starts here\n  keep one document, and no other '---'"),
            ("a: 1\nb: 2\na: 3", "3:1: key 'a' is here a second time\n  keep this one or that in line 1"),
            ("x: {b: 1, 'b': 2}", "1:11: key 'b' is here a second time\n  keep this one or that in line 1"),
            ("[a, b]: 1", "1:1: a list or a mapping cannot be a key\n  give a word as the key"),
            ("? {a: b}\n: 1", "1:3: a list or a mapping cannot be a key\n  give a word as the key"),
        ])
    func refused(text: String, message: String) throws {
        #expect(try error(Array(text.utf8)).description == message)
    }

    @Test("the same key in two mappings is no repetition")
    func sameKeys() throws {
        #expect(try Node(parsing: Array("a: {x: 1}\nb: {x: 1, a: 2}".utf8)) != nil)
    }

    @Test(
        "bytes that are no text are refused where they stand",
        arguments: [
            ([0x61, 0x0A, 0x62, 0xFF], "2:2: invalid leading UTF-8 octet"),
            ([0xC3, 0xA9, 0x0D, 0x0A, 0x0D, 0x61, 0x0A, 0xC3, 0xA9, 0xC3, 0x28], "4:3: invalid trailing UTF-8 octet"),
            ([0x61, 0xC3], "1:2: incomplete UTF-8 octet sequence"),
            ([0x61, 0x3A, 0x20, 0xC0, 0x80], "1:4: invalid length of a UTF-8 sequence"),
            ([0x61, 0x3A, 0x20, 0xED, 0xA0, 0x80], "1:4: invalid Unicode character"),
            ([0x61, 0x00, 0x62], "1:2: control characters are not allowed"),
            ([0xEF, 0xBB, 0xBF, 0x61, 0x00], "1:2: control characters are not allowed"),
            ([0x61, 0x1B, 0x5B], "1:2: control characters are not allowed"),
            ([0xFF, 0xFE, 0x61, 0x00], "1:1: invalid leading UTF-8 octet"),
        ] as [([UInt8], String)])
    func noText(bytes: [UInt8], message: String) throws {
        #expect(
            try error(bytes).description == "\(message)\n  save the text as UTF-8 without control characters")
    }

    @Test("a message is one short line, whatever was written")
    func shortMessages() throws {
        for key in [#""\e[2J\n""#, "\"\\u202e\"", String(repeating: "é", count: 900)] {
            let error = try error(Array("\(key): 1\n\(key): 2".utf8))
            #expect(error.line == 2)
            #expect(error.message.count < 80)
            #expect(error.message.unicodeScalars.allSatisfy { $0.value >= 32 && $0.value != 0x202E })
        }
    }

    @Test(
        "a quoted part is cut after 40 characters and shows what cannot be seen",
        arguments: [
            ("a b", "'a b'"), ("", "''"), ("a\nb", #"'a\nb'"#), ("\u{1b}[2J", #"'\u{1B}[2J'"#),
            (String(repeating: "x", count: 40), "'" + String(repeating: "x", count: 40) + "'"),
            (String(repeating: "x", count: 41), "'" + String(repeating: "x", count: 37) + "...'"),
        ])
    func quoting(text: String, shown: String) {
        #expect(quoted(text) == shown)
    }
}
