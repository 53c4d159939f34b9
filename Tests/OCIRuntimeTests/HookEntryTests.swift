// SPDX-License-Identifier: Apache-2.0

import JSON
import Testing

@testable import OCIRuntime

@Suite("Adding the hook to a configuration")
struct HookEntryTests {
    private static let hook = "/usr/local/sbin/rtshield-hook"
    private static let entry = #"{"path":"\#(hook)","args":["rtshield-hook"],"timeout":5}"#

    /// The new text; nil when nothing is to change.
    private func prepared(_ text: [UInt8]) throws -> [UInt8]? {
        let settings = RuntimeSettings("/no/such/file")
        var preparation = Preparation(
            hook: Self.hook, settings: settings, place: .init(directory: "/b", name: "config.json"))
        let result = try preparation.prepare(text)
        #expect(preparation.warnings.isEmpty && settings.warnings.isEmpty)
        return result
    }

    private func prepared(_ text: String) throws -> String? {
        try prepared(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    @Test("of a recorded configuration every byte stays, and only the hooks are more", arguments: recorded)
    func recording(name: String) throws {
        let text = try configuration(name)
        let result = try #require(try prepared(text))
        let same = zip(text, result).prefix { $0 == $1 }.count
        #expect(Array(result.prefix(same) + result.suffix(text.count - same)) == text)
        let before = try Node(parsing: text, limit: 1 << 20)
        let after = try Node(parsing: result, limit: 1 << 20)
        guard case .object(var members) = after.bare.content else { return }
        let hooks = members.removeLast()
        #expect(Node(.object(members), in: 0..<0) == before.bare)
        #expect(hooks.key == "hooks")
        let entry = try Node(parsing: Array(Self.entry.utf8), limit: 1000).bare
        #expect(hooks.value["createRuntime"]?.content == .array([entry]))
        #expect(hooks.value["poststop"]?.content == .array([entry]))
        #expect(try prepared(result) == nil)
    }

    @Test(
        "hooks of others stay, and come first",
        arguments: [
            ("{}", nil),
            (#"{"a":1.0}"#, #"{"a":1.0,"hooks":{"createRuntime":[E],"poststop":[E]}}"#),
            (#"{"hooks":null,"a":1}"#, #"{"hooks":{"createRuntime":[E],"poststop":[E]},"a":1}"#),
            (#"{"hooks":{}}"#, #"{"hooks":{"createRuntime":[E],"poststop":[E]}}"#),
            (
                #"{"hooks":{"createRuntime":[],"poststop":null}}"#,
                #"{"hooks":{"createRuntime":[E],"poststop":[E]}}"#
            ),
            (
                #"{"hooks":{"prestart":[{"path":"/p"}],"createRuntime":[{"path":"/x","x":1e2}]}}"#,
                #"{"hooks":{"prestart":[{"path":"/p"}],"createRuntime":[{"path":"/x","x":1e2},E],"poststop":[E]}}"#
            ),
            (
                #"{"hooks":{"createRuntime":[{"path":"/usr/local/sbin/rtshield-hook","timeout":9}]}}"#,
                #"{"hooks":{"createRuntime":[{"path":"/usr/local/sbin/rtshield-hook","timeout":9}],"poststop":[E]}}"#
            ),
            (
                #"{"hooks":{"poststop":[E,{"path":"/x"}],"createRuntime":[{"path":"/x"},E]}}"#,
                #"{"hooks":{"poststop":[E,{"path":"/x"}],"createRuntime":[{"path":"/x"},E]}}"#
            ),
            (
                #"{"hooks":{"createRuntime":[{"path":"\/usr\/local\/sbin\/rtshield-hook"}],"poststop":[E]}}"#,
                #"{"hooks":{"createRuntime":[{"path":"\/usr\/local\/sbin\/rtshield-hook"}],"poststop":[E]}}"#
            ),
        ])
    func others(text: String, expected: String?) throws {
        func whole(_ text: String) -> String { text.split(separator: "E").joined(separator: Self.entry) }
        let result = try prepared(whole(text))
        guard let expected else {
            #expect(result?.contains(#""path": "\#(Self.hook)""#) == true)
            return
        }
        #expect(result ?? whole(text) == whole(expected))
        #expect(try prepared(whole(expected)) == nil)
    }

    @Test(
        "what cannot be understood is named with its place",
        arguments: [
            ("[]", "/b/config.json:1:1: the text: an object is wanted here"),
            (#"{"hooks":[]}"#, "/b/config.json:1:10: hooks: an object is wanted here"),
            (#"{"hooks":{"poststop":{}}}"#, "/b/config.json:1:22: hooks.poststop: a list is wanted here"),
            (#"{"hooks":{"poststop":[{"#, "/b/config.json:1:24: the text ends too early"),
            (#"{"a":1,"a":2}"#, "/b/config.json:1:8: key 'a' is here a second time"),
            ("", "/b/config.json:1:1: the text is empty"),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: RuntimeError.self) { _ = try prepared(text) }
        #expect(error?.description == message)
    }

    @Test("a configuration of a megabyte keeps every byte", .timeLimit(.minutes(1)), arguments: [false, true])
    func large(isSpread: Bool) throws {
        let (end, space) = isSpread ? ("\n  ", " ") : ("", "")
        let mounts = (0..<5000).map { number in
            #"{"destination":\#(space)"/m/\#(number)","type":"bind","options":["rbind","ro"],"unknown":18446744073709551615}"#
        }
        let calls = (0..<5000).map { #""call\#($0)""# }.joined(separator: ",")
        let text = [
            #"{\#(end)"ociVersion":\#(space)"1.2.1","#, #""mounts":[\#(mounts.joined(separator: "," + end))],"#,
            #""linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":[\#(calls)],"action":"SCMP_ACT_ALLOW"}]}}"#,
            #""annotations":{"é\u0000":"\ud83d\ude42"}\#(isSpread ? "\n" : "")}"#,
        ]
        let whole = Array((text[0] + end + text[1] + end + text[2] + "," + end + text[3]).utf8)
        let result = try #require(try prepared(whole))
        let same = zip(whole, result).prefix { $0 == $1 }.count
        #expect(Array(result.prefix(same) + result.suffix(whole.count - same)) == whole)
        #expect(try prepared(result) == nil)
    }
}
