// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing

@Suite("Reading JSON")
struct NodeTests {
    private func node(_ text: String, limit: Int = 1 << 24) throws -> Node {
        try Node(parsing: Array(text.utf8), limit: limit)
    }

    @Test("a tree has what was written, in its order, and where it was written")
    func tree() throws {
        let text = #"{ "b" : [1.0, null] , "a":{"é\n" :true},"c":"xy"}"#
        let bytes = Array(text.utf8)
        let root = try node(text)
        guard case .object(let members) = root.content else {
            Issue.record("no object: \(root)")
            return
        }
        #expect(root.range == 0..<bytes.count)
        #expect(members.map(\.key) == ["b", "a", "c"])
        let written = members.map { String(decoding: bytes[$0.value.range], as: UTF8.self) }
        #expect(written == ["[1.0, null]", #"{"é\n" :true}"#, #""xy""#])
        guard case .array(let items) = members[0].value.content else {
            Issue.record("no list: \(members[0])")
            return
        }
        #expect(items.map(\.content) == [.number("1.0"), .null])
        #expect(items.map { String(decoding: bytes[$0.range], as: UTF8.self) } == ["1.0", "null"])
        #expect(root["a"]?["é\n"]?.content == .boolean(true))
        #expect(root["d"] == nil)
        #expect(items[0]["d"] == nil)
    }

    @Test(
        "the text of a number stays what was written",
        arguments: ["0", "-0", "1.0", "1.50", "1E2", "1e-7", "18446744073709551615", "123456789012345678901234567890"])
    func numbers(text: String) throws {
        #expect(try node(text).content == .number(text))
        #expect(try node("[\(text)]").content == .array([Node(.number(text), in: 1..<(1 + text.utf8.count))]))
    }

    @Test(
        "escapes are resolved",
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9""#, "é"), (#""\ud83d\ude42""#, "🙂"),
            (#""a\u0000b""#, "a\u{0}b"), (#""""#, ""),
        ])
    func escapes(written: String, text: String) throws {
        #expect(try node(written).content == .string(text))
    }

    @Test(
        "what is wrong is named, with its place",
        arguments: [
            ("", "1:1: the text is empty"),
            (" \n", "2:1: the text ends too early"),
            ("{\n  \"a\": [1,", "2:11: the text ends too early"),
            ("{\"a\": tru", "1:10: the text ends too early"),
            ("{\"a\": 1,\n \"é\": 2, \"a\": 3}", "2:10: key 'a' is here a second time"),
            ("{\"a\": 1 \"b\": 2}", "1:9: after key and value, inside map, I expect ',' or '}'"),
            ("[1] x", "1:5: trailing garbage"),
            (#"["ab\xc"]"#, "1:5: inside a string, '\\' occurs before a character which it may not"),
            ("[1] [2]", "1:5: trailing garbage"),
            ("[1,]", "1:4: unallowed token at this point in JSON text"),
            ("{'a': 1}", "1:2: invalid char in json text"),
            ("// a\n[1]", "1:1: probable comment found in input text, comments are not enabled"),
        ])
    func mistakes(text: String, message: String) throws {
        let error = #expect(throws: JSONError.self) { _ = try node(text) }
        #expect(error?.description == message)
    }

    @Test("a key that is there twice is found behind escapes too")
    func escapedDuplicate() {
        let error = #expect(throws: JSONError.self) { _ = try node(#"{"ab": 1, "\u0061b": 2}"#) }
        #expect(error?.description == "1:11: key 'ab' is here a second time")
    }

    @Test("the same key in different objects is no mistake")
    func sameKey() throws { _ = try node(#"[{"a": {"a": 1}}, {"a": 2}]"#) }

    @Test(
        "bytes that are no UTF-8 are refused",
        arguments: [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF5, 0x80, 0x80, 0x80]] as [[UInt8]])
    func invalidText(bytes: [UInt8]) {
        let text = Array("[\"".utf8) + bytes + Array("\"]".utf8)
        let error = #expect(throws: JSONError.self) { _ = try Node(parsing: text, limit: 100) }
        #expect(error?.description == "1:3: these bytes are no UTF-8")
    }

    @Test("binary is refused", arguments: [Array(0...255), [0], [0x7F, 0x45, 0x4C, 0x46], [0xEF, 0xBB, 0xBF, 0x31]])
    func binary(bytes: [UInt8]) {
        #expect(throws: JSONError.self) { _ = try Node(parsing: bytes, limit: 1000) }
    }

    @Test("every beginning of a text is refused")
    func beginnings() {
        let text = Array(#"{"a": [1, "x\u00e9", {"b": null}], "c": -1.5e3, "d": false}"#.utf8)
        for count in 0..<text.count {
            #expect(throws: JSONError.self, "\(count)") { _ = try Node(parsing: Array(text.prefix(count)), limit: 100) }
        }
    }
}

@Suite("The bounds of JSON")
struct BoundTests {
    private func error(_ text: String, limit: Int = 1 << 24) -> String? {
        do throws(JSONError) {
            _ = try Node(parsing: Array(text.utf8), limit: limit)
            return nil
        } catch {
            return error.description
        }
    }

    @Test("a text of the largest size is read, and one more byte is too many")
    func size() {
        let text = "\"" + String(repeating: "x", count: (1 << 20) - 2) + "\""
        #expect(error(text, limit: 1 << 20) == nil)
        #expect(error(text + " ", limit: 1 << 20) == "1:1: the text is larger than 1 MiB")
    }

    @Test("64 levels are read, and one more is too many")
    func depth() {
        func nested(_ levels: Int) -> String {
            String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        }
        #expect(error(nested(64)) == nil)
        #expect(error(nested(65)) == "1:65: more than 64 levels lie inside each other")
        #expect(error(nested(10_000)) == "1:65: more than 64 levels lie inside each other")
    }

    @Test("so many values are read, and one more is too many")
    func values() {
        let items = Array(repeating: "1", count: Node.mostValues - 1)
        #expect(error("[\(items.joined(separator: ","))]") == nil)
        #expect(error("[\(items.joined(separator: ",")),1]")?.hasSuffix("more than 262144 values") == true)
    }

    @Test(
        "a text made to nest without end is refused soon", .timeLimit(.minutes(1)),
        arguments: ["[", "{\"a\":", "[{\"a\":", "\"", "[1,", "{", " ", "[[],", "-"])
    func bombs(unit: String) {
        #expect(error(String(repeating: unit, count: (16 << 20) / unit.utf8.count)) != nil)
    }
}
