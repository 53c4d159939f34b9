// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing

/// The text that is left of another after some changes.
private func edited(_ text: String, _ body: (inout Editor, Node) throws -> Void) throws -> String {
    var editor = try Editor(Array(text.utf8), limit: 1 << 24)
    try body(&editor, editor.root)
    let result = editor.text
    // Whatever was done, it is JSON still.
    _ = try Node(parsing: result, limit: 1 << 24)
    return String(decoding: result, as: UTF8.self)
}

@Suite("Changing JSON")
struct EditorTests {
    @Test("without changes, every byte is what it was", arguments: ["{}", " [1.0 ,\t2e5]\r\n", #"{"a":"é\u00e9\/"}"#])
    func nothing(text: String) throws {
        #expect(try edited(text) { _, _ in } == text)
        #expect(try !Editor(Array(text.utf8), limit: 100).hasChanges)
    }

    @Test("a value is replaced, and its neighbours keep their spelling")
    func replacement() throws {
        let text = #"{ "n": 18446744073709551615,"x" : 1.0 , "s":"\u00e9\/" }"#
        let result = try edited(text) { editor, root in
            editor.set("x", in: root, to: "a")
            #expect(editor.hasChanges)
        }
        #expect(result == #"{ "n": 18446744073709551615,"x" : "a" , "s":"\u00e9\/" }"#)
        #expect(try edited("[1]") { $0.replace($1, with: nil) } == "null")
    }

    @Test("texts are escaped as JSON wants it")
    func escapes() throws {
        let text = "\"\\/\n\r\t\u{8}\u{0}\u{1f}\u{7f}é🙂"
        let result = try edited("{}") { $0.set(text, in: $1, to: .string(text)) }
        let written = #""\"\\/\n\r\t\u0008\u0000\u001f"# + "\u{7f}é🙂\""
        #expect(result == "{\n  \(written): \(written)\n}")
        #expect(try Node(parsing: Array(result.utf8), limit: 1000)[text]?.content == .string(text))
    }

    @Test("all kinds of values are written")
    func kinds() throws {
        let value: Value = ["a": [1, -2, true, nil], "b": [], "c": [:], "d": [["e": false]]]
        #expect(
            try edited(#"{"z":0}"#) { $0.set("v", in: $1, to: value) }
                == #"{"z":0,"v":{"a":[1,-2,true,null],"b":[],"c":{},"d":[{"e":false}]}}"#)
        #expect(
            try edited("{\n\t\"z\": 0\n}\n") { $0.set("v", in: $1, to: value) } == """
                {
                \t"z": 0,
                \t"v": {
                \t\t"a": [1, -2, true, null],
                \t\t"b": [],
                \t\t"c": {},
                \t\t"d": [
                \t\t\t{
                \t\t\t\t"e": false
                \t\t\t}
                \t\t]
                \t}
                }

                """)
    }

    @Test(
        "a key that is added looks like its neighbours",
        arguments: [
            ("{}", "{\n  \"k\": \"v\"\n}"),
            ("{ }\n", "{\n  \"k\": \"v\"\n}\n"),
            (#"{"a":1}"#, #"{"a":1,"k":"v"}"#),
            (#"{"a": 1}"#, #"{"a": 1, "k": "v"}"#),
            (#"{ "a" : 1 }"#, #"{ "a" : 1, "k" : "v" }"#),
            (#"{"a": 1,"b": 2}"#, #"{"a": 1,"b": 2,"k": "v"}"#),
            ("{\n    \"a\": 1\n}\n", "{\n    \"a\": 1,\n    \"k\": \"v\"\n}\n"),
            ("{\n\t\"a\":1,\n\n\n\t\"b\":2\n}", "{\n\t\"a\":1,\n\n\n\t\"b\":2,\n\t\"k\":\"v\"\n}"),
            ("{\r\n  \"a\": 1\r\n}\r\n", "{\r\n  \"a\": 1,\r\n  \"k\": \"v\"\r\n}\r\n"),
            ("{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}", "{\r\n  \"a\": 1,\r\n  \"b\": 2,\r\n  \"k\": \"v\"\r\n}"),
            ("{\n  \"a\": 1\n, \"b\": 2\n}", "{\n  \"a\": 1\n, \"b\": 2\n, \"k\": \"v\"\n}"),
            ("{\"a\": 1,\n \"b\": 2}", "{\"a\": 1,\n \"b\": 2,\n \"k\": \"v\"}"),
            ("{\n\"a\": 1\n}", "{\n\"a\": 1,\n\"k\": \"v\"\n}"),
            (#"{"k":1,"a":2}"#, #"{"k":"v","a":2}"#),
            (#"{"\u006b":1}"#, #"{"\u006b":"v"}"#),
        ])
    func keys(text: String, result: String) throws {
        #expect(try edited(text) { $0.set("k", in: $1, to: "v") } == result)
    }

    @Test("what is added within something is indented as deep as that")
    func depth() throws {
        let text = "{\n  \"a\": {\n    \"b\": []\n  },\n  \"c\": {}\n}"
        let result = try edited(text) { editor, root in
            editor.append(["x": 1], to: try #require(root["a"]?["b"]))
            editor.set("d", in: try #require(root["c"]), to: ["e": [:]])
        }
        #expect(
            result == """
                {
                  "a": {
                    "b": [
                      {
                        "x": 1
                      }
                    ]
                  },
                  "c": {
                    "d": {
                      "e": {}
                    }
                  }
                }
                """)
    }

    @Test(
        "items are put before and behind the others",
        arguments: [
            ("[]", "[0, 8, 9]"), ("[1]", "[0,1,8,9]"), ("[ 1, 2 ]", "[ 0, 1, 2, 8, 9 ]"), ("[1,2]", "[0,1,2,8,9]"),
            ("[\n  1\n]", "[\n  0,\n  1,\n  8,\n  9\n]"),
            ("[\n  1,\n\n  2 ]", "[\n  0,\n  1,\n\n  2,\n  8,\n  9 ]"),
        ])
    func items(text: String, result: String) throws {
        let edited = try edited(text) { editor, root in
            editor.append(8, to: root)
            editor.prepend(0, to: root)
            editor.append(9, to: root)
        }
        #expect(edited == result)
    }

    @Test("a list on one line stays on it, in a text of many lines too")
    func oneLine() throws {
        let text = "{\n  \"a\": [\"x\"],\n  \"b\": {\"c\": 1}\n}"
        let result = try edited(text) { editor, root in
            editor.append("y", to: try #require(root["a"]))
            editor.set("d", in: try #require(root["b"]), to: ["e": [["f": 2]]])
        }
        #expect(result == "{\n  \"a\": [\"x\", \"y\"],\n  \"b\": {\"c\": 1, \"d\": {\"e\": [{\"f\": 2}]}}\n}")
    }
}

@Suite("Removing from JSON")
struct EditorRemovalTests {
    @Test(
        "the rest closes up",
        arguments: [
            ([0], "[1, 2,3]"), ([1], "[0,2,3]"), ([3], "[0,1, 2]"), ([0, 1], "[2,3]"), ([2, 3], "[0,1]"),
            ([0, 2], "[1, 3]"), ([1, 2], "[0,3]"), ([0, 3], "[1, 2]"), ([0, 1, 2], "[3]"), ([0, 1, 2, 3], "[]"),
        ])
    func items(indices: [Int], result: String) throws {
        #expect(
            try edited("[0,1, 2,3]") { editor, root in
                for index in indices { editor.remove(at: index, from: root) }
            } == result)
    }

    @Test("a line goes as a whole")
    func lines() throws {
        let text = "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ],\n  \"c\": 3\n}\n"
        #expect(try edited(text) { $0.remove("a", from: $1) } == "{\n  \"b\": [\n    2\n  ],\n  \"c\": 3\n}\n")
        #expect(try edited(text) { $0.remove("b", from: $1) } == "{\n  \"a\": 1,\n  \"c\": 3\n}\n")
        #expect(try edited(text) { $0.remove("c", from: $1) } == "{\n  \"a\": 1,\n  \"b\": [\n    2\n  ]\n}\n")
        #expect(try edited(text) { $0.remove("d", from: $1) } == text)
    }

    @Test("what is added takes the place of what is removed")
    func both() throws {
        let text = "{\n  \"a\": 1,\n  \"b\": 2\n}"
        let result = try edited(text) { editor, root in
            editor.remove("b", from: root)
            editor.set("c", in: root, to: 3)
        }
        #expect(result == "{\n  \"a\": 1,\n  \"c\": 3\n}")
        let all = try edited(text) { editor, root in
            editor.remove("a", from: root)
            editor.remove("b", from: root)
            editor.set("a", in: root, to: 3)
            editor.set("c", in: root, to: 4)
            editor.remove("c", from: root)
        }
        #expect(all == "{\n  \"a\": 3\n}")
    }

    @Test("a change goes with what it lies in")
    func nested() throws {
        let text = #"{"a":{"b":[1]},"c":[[2]]}"#
        let result = try edited(text) { editor, root in
            let object = try #require(root["a"])
            let array = try #require(root["c"])
            editor.append(9, to: try #require(object["b"]))
            editor.set("b", in: object, to: 8)
            editor.remove("a", from: root)
            guard case .array(let items) = array.content else { return }
            editor.append(7, to: items[0])
            editor.append(6, to: array)
            editor.replace(array, with: 5)
        }
        #expect(result == #"{"c":5}"#)
    }

    @Test("neighbours change together")
    func neighbours() throws {
        let result = try edited("[[1],[2],[3]]") { editor, root in
            guard case .array(let items) = root.content else { return }
            editor.append(0, to: items[0])
            editor.prepend(0, to: items[0])
            editor.remove(at: 1, from: root)
            editor.replace(items[2], with: "x")
            editor.append(4, to: root)
            editor.prepend(5, to: root)
        }
        #expect(result == #"[5,[0,1,0],"x",4]"#)
    }
}

@Suite("Changing large JSON")
struct EditorSizeTests {
    @Test("a change within many values leaves every other byte", .timeLimit(.minutes(1)))
    func large() throws {
        let items = (0..<50_000).map { #"{"names":["call\#($0)"],"value":18446744073709551615,"r":1.0}"# }
        let head = #"{"a":["#
        let tail = #"],"z":{"é":null}}"#
        let text = head + items.joined(separator: ",") + tail
        let result = try edited(text) { editor, root in
            editor.prepend("x", to: try #require(root["a"]))
            editor.set("y", in: try #require(root["z"]), to: 1)
        }
        #expect(result == head + #""x","# + items.joined(separator: ",") + #"],"z":{"é":null,"y":1}}"#)
    }
}
