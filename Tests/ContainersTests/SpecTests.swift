// SPDX-License-Identifier: Apache-2.0

import Containers
import JSON
import MachineKit
import ShieldKit
import Testing

@Suite("Reading config.json")
struct SpecTests {
    private func spec(_ text: String) throws -> Spec { try Spec(reading: Array(text.utf8)) }

    @Test("all that is of use is read")
    func everything() throws {
        let text = #"""
            {"ociVersion": "1.2.1", "hostname": "x", "root": {"path": "/", "readonly": true},
             "process": {"args": ["a", "b"], "env": ["C=d"], "user": {"uid": 1000, "gid": 4294967295},
               "scheduler": {"policy": "SCHED_DEADLINE", "nice": -5, "priority": 3, "flags": ["SCHED_FLAG_RECLAIM"],
                             "runtime": 1, "deadline": 2, "period": 18446744073709551615},
               "ioPriority": {"class": "IOPRIO_CLASS_RT", "priority": 7},
               "capabilities": {"bounding": ["CAP_SYS_NICE"], "effective": []},
               "rlimits": [{"type": "RLIMIT_RTPRIO", "hard": 18446744073709551615, "soft": 10}], "noNewPrivileges": true},
             "annotations": {"k": "v", "": ""}, "hooks": {"poststop": [{"path": "/x"}]},
             "linux": {"cgroupsPath": "a:b:c", "resources": {"cpu": {"shares": 18446744073709551615, "quota": -1,
               "period": 100000, "cpus": "0-1,3", "mems": "0", "realtimeRuntime": 950000, "realtimePeriod": 1000000}}}}
            """#
        let spec = try spec(text)
        let process = try #require(spec.process)
        #expect(process.args == ["a", "b"])
        #expect(process.env == ["C=d"])
        let scheduler = try #require(process.scheduler)
        #expect(scheduler.policy == "SCHED_DEADLINE" && scheduler.nice == -5 && scheduler.priority == 3)
        #expect(scheduler.flags == ["SCHED_FLAG_RECLAIM"])
        #expect(scheduler.runtime == 1 && scheduler.deadline == 2 && scheduler.period == .max)
        #expect(process.limit("RLIMIT_RTPRIO")?.hard == .max && process.limit("RLIMIT_RTPRIO")?.soft == 10)
        #expect(process.limit("RLIMIT_NOFILE") == nil)
        #expect(spec.annotations == ["k": "v", "": ""])
        #expect(spec.hooks?["poststop"] != nil)
        #expect(spec.cgroupsPath == "a:b:c")
        var cpu = CPUResources()
        (cpu.shares, cpu.quota, cpu.period) = (.max, -1, 100_000)
        (cpu.cpus, cpu.mems, cpu.realtimeRuntime, cpu.realtimePeriod) = ([0, 1, 3], [0], 950_000, 1_000_000)
        #expect(spec.cpu == cpu)
    }

    @Test(
        "what is missing or null asks for nothing",
        arguments: ["{}", #"{"process": null, "linux": null, "annotations": null}"#])
    func nothing(text: String) throws {
        let spec = try spec(text)
        #expect(spec.process == nil && spec.cgroupsPath == nil && spec.seccomp == nil && spec.hooks == nil)
        #expect(spec.cpu == CPUResources())
        #expect(spec.annotations == [:])
    }

    @Test(
        "a mistake is told with its place and its field",
        arguments: [
            ("[]", "1:1: the text: an object is wanted, and this is a list"),
            (
                #"{"linux": {"resources": {"cpu": {"shares": 1.5}}}}"#,
                "1:44: linux.resources.cpu.shares: '1.5' is not a whole number"
            ),
            (
                #"{"linux": {"resources": {"cpu": {"shares": 1e3}}}}"#,
                "1:44: linux.resources.cpu.shares: '1e3' is not a whole number"
            ),
            (
                #"{"linux": {"resources": {"cpu": {"shares": -1}}}}"#,
                "1:44: linux.resources.cpu.shares: '-1' is out of range, 0 to 18446744073709551615"
            ),
            (
                #"{"linux": {"resources": {"cpu": {"quota": 9223372036854775808}}}}"#,
                "1:43: linux.resources.cpu.quota: '9223372036854775808' is out of range, "
                    + "-9223372036854775808 to 9223372036854775807"
            ),
            (
                #"{"linux": {"resources": {"cpu": {"cpus": "9-1"}}}}"#,
                "1:42: linux.resources.cpu.cpus: '9-1' is no CPU list"
            ),
            (
                #"{"linux": {"resources": {"cpu": {"cpus": "0-4294967295"}}}}"#,
                "1:42: linux.resources.cpu.cpus: '0-4294967295' is no CPU list"
            ),
            (
                #"{"linux": {"resources": {"cpu": {"cpus": 1}}}}"#,
                "1:42: linux.resources.cpu.cpus: a text is wanted, and this is a number"
            ),
            (
                "{\"process\":\n {\"args\": [\"a\", 1]}}",
                "2:17: process.args[1]: a text is wanted, and this is a number"
            ),
            (#"{"process": {"args": "a"}}"#, "1:22: process.args: a list is wanted, and this is a text"),
            (
                #"{"process": {"rlimits": [{"type": "X", "hard": -1}]}}"#,
                "1:48: process.rlimits[0].hard: '-1' is out of range, 0 to 18446744073709551615"
            ),
            (#"{"process": {"scheduler": {}}}"#, "1:27: process.scheduler.policy: a text is wanted here"),
            (
                "{\"annotations\": {\"a\\u001b[2J\": 1}}",
                "1:32: annotations['a\\u{1B}[2J']: a text is wanted, and this is a number"
            ),
            (#"{"annotations": {"a": "1", "a": "2"}}"#, "1:28: key 'a' is here a second time"),
            (#"{"process": {"args": ["sh"]"#, "1:28: the text ends too early"),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) { _ = try spec(text) }
        #expect(error?.description == "config.json:" + message)
    }

    @Test("10 MiB of annotations are read, and 16 MiB are too many")
    func large() throws {
        let annotations = { (count: Int) in #"{"annotations": {"a": "\#(String(repeating: "x", count: count))"}}"# }
        #expect(try spec(annotations(10 << 20)).annotations["a"]?.utf8.count == 10 << 20)
        let error = #expect(throws: DocumentError.self) { _ = try spec(annotations(16 << 20)) }
        #expect(error?.description == "config.json:1:1: the text is larger than 16 MiB")
    }

    @Test("many small annotations are read without delay", .timeLimit(.minutes(1)))
    func many() throws {
        let annotations = (0..<100_000).map { #""key\#($0)": "v""# }.joined(separator: ",")
        #expect(try spec("{\"annotations\": {\(annotations)}}").annotations.count == 100_000)
    }
}

@Suite("Reading a state")
struct ContainerStateTests {
    private func state(_ text: String) throws -> ContainerState { try ContainerState(reading: Array(text.utf8)) }

    @Test("runc's, and what it adds")
    func runc() throws {
        let text = #"""
            {"ociVersion":"1.3.0","id":"c1","status":"creating","pid":4422,"bundle":"/run/b","annotations":{"a":"b"},
             "rootfs":"/x","created":"2026-01-01T00:00:00Z","owner":""}
            """#
        let state = try state(text)
        #expect(state.ociVersion == "1.3.0")
        #expect(state.id.text == "c1")
        #expect(state.status == "creating")
        #expect(state.pid == 4422)
        #expect(state.bundle == "/run/b")
        #expect(state.annotations == ["a": "b"])
    }

    @Test("crun's, with '/' for the bundle")
    func crun() throws {
        let text =
            #"{"ociVersion":"1.0","id":"c1","pid":7,"root":"/r","bundle":"/","status":"created","annotations":{}}"#
        #expect(try state(text).bundle == "/")
    }

    @Test("after the end there is no process", arguments: ["", #","pid":0"#])
    func stopped(pid: String) throws {
        #expect(try state(#"{"ociVersion":"1.0","id":"c1","status":"stopped","bundle":"/b"\#(pid)}"#).pid == nil)
    }

    @Test(
        "what is no state is told with its place",
        arguments: [
            ("", "1:1: the text is empty"), ("{", "1:2: the text ends too early"),
            ("{}", "1:1: ociVersion: a text is wanted here"),
            (#"{"ociVersion":"1.0","status":"x","bundle":"/"}"#, "1:1: id: a text is wanted here"),
            (#"{"ociVersion":"1.0","id":"../x"}"#, "1:26: id: an id has letters, digits and '_+-.', at most 255"),
            (#"{"ociVersion":"1.0","id":".."}"#, "1:26: id: an id has letters, digits and '_+-.', at most 255"),
            (#"{"ociVersion":"1.0","id":"a","status":"x","pid":-1,"bundle":"/"}"#, "1:49: pid: -1 is no process"),
            (
                #"{"ociVersion":"1.0","id":"a","status":"x","pid":2147483648,"bundle":"/"}"#,
                "1:49: pid: '2147483648' is out of range, -2147483648 to 2147483647"
            ),
            (#"{"ociVersion":"1.0","id":"a","status":"x","bundle":"b"}"#, "1:52: bundle: an absolute path is wanted"),
            (
                #"{"ociVersion":"1.0","id":"a","status":"x","bundle":"/b\u0000"}"#,
                "1:52: bundle: an absolute path is wanted"
            ),
            (#"{"ociVersion":"1.0","id":"a","id":"b"}"#, "1:30: key 'id' is here a second time"),
        ])
    func mistakes(text: String, message: String) {
        let error = #expect(throws: DocumentError.self) { _ = try state(text) }
        #expect(error?.description == "state:" + message)
    }

    @Test("more than 64 KiB of annotations are read, and 1 MiB is too much")
    func size() throws {
        let text = { (count: Int) in
            let value = String(repeating: "x", count: count)
            return #"{"ociVersion":"1.0","id":"a","status":"x","bundle":"/","annotations":{"a":"\#(value)"}}"#
        }
        #expect(try state(text(100_000)).annotations["a"]?.utf8.count == 100_000)
        let error = #expect(throws: DocumentError.self) { _ = try state(text(10 << 20)) }
        #expect(error?.description == "state:1:1: the text is larger than 1 MiB")
    }
}
