// SPDX-License-Identifier: Apache-2.0

import Containers
import JSON
import Testing

@testable import OCIRuntime

@Suite("Opening a seccomp profile")
struct SeccompOpeningTests {
    /// Numbers of x86-64.
    private static let numbers: [String: UInt32] = [
        "sched_setscheduler": 144, "sched_setattr": 314, "mlockall": 151, "mlock": 149,
    ]
    private static let allow: UInt32 = 0x7fff_0000
    private static let log: UInt32 = 0x7ffc_0000

    /// The profile that is left of another, as text, when what it refuses of the calls of real-time programs is opened.
    private func opened(_ text: String) throws -> String {
        let start = #"{"linux":{"seccomp":"#
        let whole = Array((start + text + "}}").utf8)
        var editor = try Editor(whole, limit: 1 << 20)
        let profile = try #require(try Spec(reading: whole).seccomp)
        let node = try #require(editor.root["linux"]?["seccomp"])
        SeccompOpening(calls: profile.refusals.map(\.call.rawValue)).open(profile, at: node, in: &editor)
        return String(String(decoding: editor.text, as: UTF8.self).dropFirst(start.count).dropLast(2))
    }

    private func profile(_ text: String) throws -> Seccomp {
        try #require(try Spec(reading: Array(#"{"linux": {"seccomp": \#(text)}}"#.utf8)).seccomp)
    }

    private static let refusing = [
        // What engines have: what is not named is refused.
        #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","write","mlock"],"action":"SCMP_ACT_ALLOW"}]}"#,
        // A refusal of its own, which a later rule would not overrule.
        #"""
        {"defaultAction":"SCMP_ACT_ERRNO","defaultErrnoRet":38,"syscalls":[
          {"names":["sched_setattr","mlockall","reboot"],"action":"SCMP_ACT_ERRNO","errnoRet":1},
          {"names":["sched_setattr"],"action":"SCMP_ACT_ALLOW"},{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}
        """#,
        // Conditions, in both directions.
        #"""
        {"defaultAction":"SCMP_ACT_KILL_PROCESS","syscalls":[
          {"names":["sched_setscheduler"],"action":"SCMP_ACT_ALLOW","args":[{"index":1,"value":1,"op":"SCMP_CMP_EQ"}]},
          {"names":["mlockall","kill"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":3,"op":"SCMP_CMP_EQ"}]},
          {"names":["read"],"action":"SCMP_ACT_ALLOW"}]}
        """#,
        // What is not named is allowed.
        #"""
        {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
          {"names":["sched_setattr","sched_setscheduler"],"action":"SCMP_ACT_ERRNO"},
          {"names":["reboot","mlockall","kill"],"action":"SCMP_ACT_KILL_PROCESS"},
          {"names":["mlock","kill"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":3,"op":"SCMP_CMP_EQ"}]}]}
        """#,
        // What is not named is logged.
        #"""
        {"defaultAction":"SCMP_ACT_LOG","syscalls":[{"names":["read","mlock"],"action":"SCMP_ACT_ALLOW"},
          {"names":["mlockall","reboot"],"action":"SCMP_ACT_ERRNO"}]}
        """#,
        #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[]}"#,
        #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":null}"#,
        #"{"defaultAction":"SCMP_ACT_KILL_PROCESS"}"#,
    ]

    @Test("by the real libseccomp, the calls are allowed then, and nothing else changes", arguments: refusing)
    func opening(text: String) throws {
        let result = try opened(text)
        #expect(try !profile(text).refusals.isEmpty)
        #expect(try profile(result).refusals.isEmpty)
        let before = try ProfileFilter(profile(text))
        let after = try ProfileFilter(profile(result))
        for argument: UInt64 in [0, 1, 3, 1 << 32, .max] {
            for (name, number) in Self.numbers {
                let decision = after.decision(number, firstArguments: argument)
                #expect(decision == Self.allow || decision == Self.log, "\(name) \(argument)")
            }
            for number in 0..<UInt32(500) where !Self.numbers.values.contains(number) {
                let same =
                    before.decision(number, firstArguments: argument)
                    == after.decision(number, firstArguments: argument)
                #expect(same, "call \(number) with \(argument)")
            }
        }
    }

    @Test("an own rule comes first, or names go, with their rules when those are left empty")
    func shapes() throws {
        let rule = #"{"names":["sched_setscheduler","sched_setattr","mlockall"],"action":"SCMP_ACT_ALLOW"}"#
        #expect(
            try opened(Self.refusing[0])
                == #"{"defaultAction":"SCMP_ACT_ERRNO","syscalls":["#
                + rule + #",{"names":["read","write","mlock"],"action":"SCMP_ACT_ALLOW"}]}"#)
        let left = """
            {"defaultAction":"SCMP_ACT_ALLOW","syscalls":[
              {"names":["reboot","kill"],"action":"SCMP_ACT_KILL_PROCESS"},
              {"names":["kill"],"action":"SCMP_ACT_ERRNO","args":[{"index":0,"value":3,"op":"SCMP_CMP_EQ"}]}]}
            """
        #expect(try opened(Self.refusing[3]) == left)
    }

    @Test("a profile that refuses nothing is left alone")
    func nothing() throws {
        let text = #"{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["reboot"],"action":"SCMP_ACT_ERRNO"}]}"#
        #expect(try opened(text) == text)
        #expect(try opened(opened(Self.refusing[1])) == opened(Self.refusing[1]))
    }
}
