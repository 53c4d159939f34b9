// SPDX-License-Identifier: Apache-2.0

import JSON
import Linux
import Testing

/// The program that was built beside the tests.
private let program: String? = (try? CurrentProcess.programPath())
    .flatMap { path in path.lastIndex(of: "/").map { path[...$0] + "rtshield-runtime" } }
    .flatMap { (try? FileDescriptor.open($0, .reading)) == nil ? nil : $0 }

/// Whether a mount can be made that nobody else sees.
private let canMount =
    (try? ChildProcess.run(["unshare", "-rm", "mount", "--bind", "/tmp", "/usr/local/sbin"]).isSuccess) ?? false

/// A program, a hook and a runtime that are seen below `/usr/local/sbin`, and a bundle.
private struct Stage: ~Copyable {
    let scratch: Scratch

    init(runtime: String?) throws {
        let scratch = try Scratch()
        for name in ["b", "sbin"] { try scratch.descriptor.makeDirectory(name) }
        if let runtime { try scratch.file("sbin/runc", "#!/bin/sh\n\(runtime)\n", permissions: 0o755) }
        try scratch.file("sbin/rtshield-hook", "", permissions: 0o755)
        _ = try ChildProcess.run(["cp", try #require(program), scratch.path + "/sbin/rtshield-runtime"])
        self.scratch = scratch
    }

    /// Runs the program, as the last words of a shell's command.
    func run(_ words: String, before: String = ":") throws -> ChildProcess.Outcome {
        let script = """
            mount --bind \(scratch.path)/sbin /usr/local/sbin && cd \(scratch.path)/b && { \(before); } &&
            exec /usr/local/sbin/rtshield-runtime \(words)
            """
        return try ChildProcess.run(["unshare", "-rm", "sh", "-c", script])
    }
}

@Suite("The program rtshield-runtime", .enabled(if: program != nil && canMount))
struct ProgramTests {
    @Test("it becomes the real runtime, with the very same arguments and environment, whatever bytes they have")
    func arguments() throws {
        let stage = try Stage(runtime: #"printf '[%s]' "$0" "$@"; echo "$COLOUR"; exit 7"#)
        let outcome = try stage.run(
            #"--root '' 'a  b' "$(printf 'x\377y')" '*' --create"#, before: "export COLOUR=red")
        let expected =
            Array("[/usr/local/sbin/runc][--root][][a  b][x".utf8) + [0xff] + Array("y][*][--create]red\n".utf8)
        #expect(outcome.output.bytes == expected)
        #expect(outcome.errorOutput.text == "")
        #expect(outcome.ending == .exited(status: 7))
    }

    @Test("it keeps its number and the streams, and the bundle is ready by then")
    func process() throws {
        let stage = try Stage(runtime: #"test $$ = "$NUMBER" && cat && cat config.json"#)
        try stage.scratch.file("b/config.json", #"{"x":1}"#)
        let outcome = try stage.run("create y <&3", before: "export NUMBER=$$; echo hello >input; exec 3<input")
        #expect(outcome.output.text.hasPrefix("hello\n"))
        let entry = #"[{"path":"/usr/local/sbin/rtshield-hook","args":["rtshield-hook"],"timeout":5}]"#
        #expect(outcome.output.text.contains(#"{"x":1,"hooks":{"createRuntime":\#(entry),"poststop":\#(entry)}}"#))
        #expect(outcome.isSuccess)
    }

    @Test("without a runtime it fails with one line, where Docker and containerd look for it too")
    func failure() throws {
        let stage = try Stage(runtime: nil)
        let line = "rtshield-runtime: there is no runtime: neither runc nor crun is in "
        for format in ["json", "text"] {
            let outcome = try stage.run("--log log.\(format) --log-format \(format) create x")
            // A machine that has a runtime finds it in the other directories.
            if outcome.errorOutput.text.contains("config.json") || outcome.isSuccess { return }
            #expect(outcome.ending == .exited(status: 1))
            #expect(outcome.output.text == "")
            #expect(outcome.errorOutput.text.hasPrefix(line))
            #expect(outcome.errorOutput.text.filter { $0 == "\n" }.count == 1)
        }
        let log = try Node(parsing: Array(stage.scratch.read("b/log.json").utf8), limit: 10_000)
        #expect(log["level"]?.content == .string("error"))
        guard case .string(let message) = log["msg"]?.content, case .string(let time) = log["time"]?.content else {
            Issue.record("no message in \(log)")
            return
        }
        #expect(message.hasPrefix(line))
        #expect(time.count == 20 && time.hasSuffix("Z"))
        #expect(try stage.scratch.read("b/log.text").contains("\" level=error msg=\"\(line)"))
    }

    @Test("streams that the caller closed stay closed")
    func streams() throws {
        let stage = try Stage(runtime: "readlink /proc/$$/fd/0 /proc/$$/fd/2 > streams; true")
        try stage.scratch.file("b/config.json", "{}")
        #expect(try stage.run("run x <&- 2>&-").isSuccess)
        #expect(try stage.scratch.read("b/streams") == "")
        #expect(try stage.scratch.read("b/config.json").contains("rtshield-hook"))
    }
}
