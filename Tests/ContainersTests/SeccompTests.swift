// SPDX-License-Identifier: Apache-2.0

import Containers
import JSON
import MachineKit
import Testing

@Suite("Seccomp profiles and real-time programs")
struct SeccompTests {
    private func profile(_ text: String) throws -> Seccomp {
        try #require(try Spec(reading: Array(#"{"linux": {"seccomp": \#(text)}}"#.utf8)).seccomp)
    }

    private func refusals(_ text: String) throws -> [String] { try profile(text).refusals.map(\.text) }

    @Test("a profile that refuses by default refuses what it does not name")
    func allowList() throws {
        let text = #"""
            {"defaultAction": "SCMP_ACT_ERRNO", "architectures": ["SCMP_ARCH_X86_64"],
             "syscalls": [{"names": ["read", "sched_setscheduler", "mlock"], "action": "SCMP_ACT_ALLOW"}]}
            """#
        #expect(try profile(text).architectures == ["SCMP_ARCH_X86_64"])
        #expect(try refusals(text) == ["sched_setattr would fail with EPERM", "mlockall would fail with EPERM"])
    }

    @Test("a profile that allows by default refuses what it names, in its own way")
    func denyList() throws {
        let text = #"""
            {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
              {"names": ["sched_setattr"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38},
              {"names": ["mlockall"], "action": "SCMP_ACT_KILL_PROCESS"},
              {"names": ["mlock"], "action": "SCMP_ACT_LOG"}]}
            """#
        #expect(try refusals(text) == ["sched_setattr would fail with ENOSYS", "mlockall would kill its process"])
    }

    @Test("conditions on arguments decide case by case, in both directions")
    func conditions() throws {
        let rule = #""names": ["sched_setscheduler"], "args": [{"index": 1, "value": 1, "op": "SCMP_CMP_EQ"}]"#
        let opened = #"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{\#(rule), "action": "SCMP_ACT_ALLOW"}]}"#
        #expect(try refusals(opened).first == "sched_setscheduler would fail with EPERM, depending on its arguments")
        #expect(try profile(opened).rules[0].conditions.map(\.index) == [1])
        let closed = #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{\#(rule), "action": "SCMP_ACT_TRAP"}]}"#
        #expect(try refusals(closed) == ["sched_setscheduler would raise SIGSYS, depending on its arguments"])
        let always = #"{"names": ["sched_setscheduler"], "action": "SCMP_ACT_ALLOW"}"#
        let both =
            #"{"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{\#(rule), "action": "SCMP_ACT_ALLOW"}, \#(always)]}"#
        #expect(try profile(both).refusals.map(\.call) == [.setAttributes, .lockAll, .lock])
    }

    @Test("a rule that says what holds anyhow changes nothing")
    func redundant() throws {
        let text =
            #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mlock"], "action": "SCMP_ACT_ALLOW"}]}"#
        #expect(try refusals(text) == [])
    }

    @Test("what engines resolved before is not looked at, as runtimes do not")
    func includes() throws {
        let rule = #"{"names": ["mlock"], "action": "SCMP_ACT_ERRNO", "includes": {"caps": ["CAP_SYS_NICE"]}}"#
        #expect(
            try refusals(#"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [\#(rule)]}"#) == [
                "mlock would fail with EPERM"
            ])
    }

    @Test(
        "each action has its consequence",
        arguments: [
            ("SCMP_ACT_KILL", "kill its thread"), ("SCMP_ACT_KILL_THREAD", "kill its thread"),
            ("SCMP_ACT_KILL_PROCESS", "kill its process"), ("SCMP_ACT_TRAP", "raise SIGSYS"),
            ("SCMP_ACT_ERRNO", "fail with EPERM"), ("SCMP_ACT_TRACE", "be left to a tracer"),
            ("SCMP_ACT_NOTIFY", "be left to a listener"),
        ])
    func actions(name: String, consequence: String) throws {
        #expect(try refusals(#"{"defaultAction": "\#(name)"}"#).first == "sched_setscheduler would \(consequence)")
        #expect(try refusals(#"{"defaultAction": "\#(name)"}"#).count == RealtimeCall.allCases.count)
    }

    @Test("the default may have an error number of its own")
    func defaultErrno() throws {
        let text = #"{"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 13}"#
        #expect(try refusals(text).first == "sched_setscheduler would fail with error 13")
    }

    @Test(
        "what is no profile is an error",
        arguments: [
            (#"{}"#, "linux.seccomp.defaultAction: a text is wanted here"),
            (#"{"defaultAction": "ALLOW"}"#, "linux.seccomp.defaultAction: no action of seccomp(2) has this name"),
            (
                #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": [], "action": "SCMP_ACT_LOG", "args": [{"index": 6}]}]}"#,
                "linux.seccomp.syscalls[0].args[0].index: the number of an argument is wanted, 0 to 5"
            ),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) { _ = try profile(text) }
        #expect(error?.message == message)
    }
}
