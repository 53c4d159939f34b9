// SPDX-License-Identifier: Apache-2.0

import Testing
import YAML

@Suite("Reading YAML")
struct NodeTests {
    private func node(_ text: String) throws -> Node? { try Node(parsing: Array(text.utf8)) }

    private static func scalar(_ text: String, _ line: Int, _ column: Int, isQuoted: Bool = false) -> Node {
        Node(.scalar(text), at: Mark(line: line, column: column), isQuoted: isQuoted)
    }

    @Test("a tree has what was written, where it was written")
    func tree() throws {
        let text = """
            # A comment.
            a: 2-5   # another
            list:
              - one
              - {b: "two", c: [3]}
            """
        let root = try #require(try node(text))
        let flow = Node(
            .mapping([
                Node.Entry(
                    key: "b", mark: Mark(line: 5, column: 6), value: Self.scalar("two", 5, 9, isQuoted: true)),
                Node.Entry(
                    key: "c", mark: Mark(line: 5, column: 16),
                    value: Node(.sequence([Self.scalar("3", 5, 20)]), at: Mark(line: 5, column: 19))),
            ]), at: Mark(line: 5, column: 5))
        let list = Node(.sequence([Self.scalar("one", 4, 5), flow]), at: Mark(line: 4, column: 3))
        #expect(
            root
                == Node(
                    .mapping([
                        Node.Entry(key: "a", mark: Mark(line: 2, column: 1), value: Self.scalar("2-5", 2, 4)),
                        Node.Entry(key: "list", mark: Mark(line: 3, column: 1), value: list),
                    ]), at: Mark(line: 2, column: 1)))
    }

    @Test(
        "a scalar is the text that was written",
        arguments: [
            ("off", "off"), ("no", "no"), ("~", "~"), ("null", "null"), ("010", "010"), ("1:30", "1:30"),
            ("2-5,8", "2-5,8"), ("2024-01-02", "2024-01-02"), ("'off'", "off"), ("\"a\\tb\"", "a\tb"),
            ("\"a\\0b\"", "a\u{0}b"), ("'it''s'", "it's"), ("a b # c", "a b"), ("\"# d\"", "# d"), ("é漢🙂", "é漢🙂"),
            ("|\n  x\n  y\n", "x\ny\n"), (">\n  x\n  y\n", "x y\n"), ("\"\"", ""), ("a\tb", "a\tb"),
        ])
    func scalars(written: String, text: String) throws {
        let root = try #require(try node("key: \(written)"))
        guard case .mapping(let entries) = root.content else {
            Issue.record("no mapping")
            return
        }
        #expect(entries.map(\.value.content) == [.scalar(text)])
    }

    @Test(
        "a scalar tells whether it can be anything but a text",
        arguments: [
            ("2", false), ("true", false), ("a b", false), ("", false), ("'2'", true), (#""true""#, true),
            ("|\n  2\n", true), (">\n  2\n", true),
        ])
    func quotes(written: String, isQuoted: Bool) throws {
        let root = try #require(try node("key: \(written)"))
        guard case .mapping(let entries) = root.content else {
            Issue.record("no mapping")
            return
        }
        #expect(entries.map(\.value.isQuoted) == [isQuoted])
    }

    @Test("a value that was left out is empty")
    func leftOut() throws {
        let root = try #require(try node("a:\nb: 1"))
        guard case .mapping(let entries) = root.content else {
            Issue.record("no mapping")
            return
        }
        #expect(entries.map(\.key) == ["a", "b"])
        #expect(entries.map(\.value.content) == [.scalar(""), .scalar("1")])
    }

    @Test("a text of comments holds nothing", arguments: ["", "\n", "# a\n\n  # b\n", "\u{feff}", "\r\n# x\r\n"])
    func nothing(text: String) throws {
        #expect(try node(text) == nil)
    }

    @Test("the line's end may be of any system, and one document may be marked", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) throws {
        let text = ["---", "a: 1", "b: 2", "...", ""].joined(separator: end)
        let root = try #require(try node(text))
        guard case .mapping(let entries) = root.content else {
            Issue.record("no mapping")
            return
        }
        #expect(entries.map(\.mark) == [Mark(line: 2, column: 1), Mark(line: 3, column: 1)])
        #expect(entries.map(\.value.content) == [.scalar("1"), .scalar("2")])
    }

    @Test("a byte order mark takes no column")
    func byteOrderMark() throws {
        #expect(try node("\u{feff}a: 1")?.mark == Mark(line: 1, column: 1))
        let error = #expect(throws: YAMLError.self) { try node("\u{feff}a: *b") }
        #expect(error?.mark == Mark(line: 1, column: 4))
    }

    @Test("a text of 1 MiB is read, and one more byte is too many")
    func size() throws {
        let line = "# 345678901234\n"
        let filler = String(repeating: line, count: Node.largestText / 15)
        let text = filler + String(repeating: "#", count: Node.largestText - filler.utf8.count)
        #expect(try node(text) == nil)
        let error = #expect(throws: YAMLError.self) { try node(text + "#") }
        #expect(error?.description == "1:1: the text is larger than 1 MiB\n  make it shorter")
    }

    @Test("32 levels are read, and one more is too many")
    func depth() throws {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        }
        #expect(try node(nested(32)) != nil)
        let error = #expect(throws: YAMLError.self) { try node(nested(33)) }
        #expect(error?.description == "1:33: more than 32 levels lie inside each other")
    }

    @Test(
        "a text made to nest without end is refused soon", .timeLimit(.minutes(1)),
        arguments: ["[", "{", "- ", "? ", "a: {", "[{", "\"", "!", "&", "[a,"])
    func bombs(unit: String) {
        let text = String(repeating: unit, count: Node.largestText / unit.utf8.count)
        #expect(throws: YAMLError.self) { try node(text) }
    }
}
