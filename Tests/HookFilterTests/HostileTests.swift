// SPDX-License-Identifier: Apache-2.0

import HookFilter
import MachineKit
import Testing

@Suite("A state that is not what runtimes write")
struct HostileTests {
    @Test(
        "is handed over if it is no whole object",
        arguments: [
            "", "{", "{}", "[]", "null", "\u{FEFF}" + HookInvocation().written,
            String(HookInvocation().written.dropLast()),
        ])
    func malformed(state: String) { #expect(HookInvocation(state: state).answer == .handOver) }

    @Test("is handed over wherever it is cut off")
    func truncated() {
        for status in ["creating", "stopped"] {
            let whole = HookInvocation(status: status, annotations: #""a":"b""#, ledger: .text("{}")).written
            for length in 0..<whole.utf8.count {
                let part = String(decoding: whole.utf8.prefix(length), as: UTF8.self)
                #expect(HookInvocation(state: part).answer == .handOver, "\(part)")
            }
        }
    }

    @Test("is handed over beyond 256 KiB")
    func large() {
        let filler = String(repeating: "x", count: 300 << 10)
        #expect(HookInvocation(annotations: #""a":"\#(filler)""#).answer == .handOver)
        #expect(HookInvocation(annotations: #""a":"\#(filler.prefix(200 << 10))""#).answer == .nothingToDo)
    }

    @Test("is handed over with other statuses", arguments: ["running", "", "Stopped", "stopped ", #"stop\ped"#])
    func status(status: String) { #expect(HookInvocation(status: status).answer == .handOver) }

    @Test("is handed over with blanks between a key and its value", arguments: ["status", "bundle"])
    func blanks(key: String) {
        for blank in [": ", " :", " : ", ":\n"] {
            let state = HookInvocation().written.replacing("\"\(key)\":", with: "\"\(key)\"\(blank)")
            #expect(HookInvocation(state: state).answer == .handOver)
        }
    }

    @Test("may end in a new line")
    func newline() { #expect(HookInvocation(state: HookInvocation().written + "\n").answer == .nothingToDo) }

    @Test(
        "is handed over if an annotation has the name of what decides, or ends in it",
        arguments: [
            #""status":"stopped""#, #""bundle":"/evil""#, #""x\"status":"stopped""#, #""x\"bundle":"/evil""#,
            #""a":"status""#, #""a":"bundle""#, #""status" : "stopped""#,
        ])
    func names(annotation: String) {
        #expect(HookInvocation(annotations: annotation, journal: .unclear).answer == .handOver)
        #expect(HookInvocation(annotations: annotation).answer == .handOver)
    }

    @Test(
        "is read as it is if an annotation only quotes a state",
        arguments: [#""a":"\"bundle\":\"/evil\"""#, #""a":"{\"status\":\"stopped\"}""#, #""a\"bundle\"":"/evil""#])
    func quoted(annotation: String) {
        #expect(HookInvocation(annotations: annotation).answer == .nothingToDo)
        #expect(HookInvocation(annotations: annotation, journal: .unclear).answer == .handOver)
    }

    @Test(
        "is handed over with escapes that may hide a key, and so is a configuration",
        arguments: [
            #""\u0072tshield.io/cpus":"exclusive""#, #""a":"\u00e9""#, #""a":"\\u0072""#, #""a":"\u003C""#, #""a":"\u"#,
        ])
    func escapes(annotation: String) {
        #expect(HookInvocation(annotations: annotation).answer == .handOver)
        let text = HookInvocation.configuration(path: "x", cpu: "", annotations: annotation)
        #expect(HookInvocation(configuration: .text(text)).answer == .handOver)
        #expect(HookInvocation(status: "stopped", annotations: annotation).answer == .handOver)
    }

    @Test("is handed over if the bundle is no plain absolute path", arguments: ["", "relative", #"\/run\/x"#, "/a\nb"])
    func bundles(path: String) {
        let state = HookInvocation().written.replacing(HookInvocation.bundle, with: path)
        #expect(HookInvocation(state: state).answer == .handOver)
    }
}
