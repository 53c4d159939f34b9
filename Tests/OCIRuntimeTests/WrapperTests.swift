// SPDX-License-Identifier: Apache-2.0

import Linux
import Testing

@testable import OCIRuntime

/// A machine in a directory, with a bundle `b` and the runtimes of `bin`.
private struct Machine: ~Copyable {
    let scratch: Scratch

    init(runtimes: [String] = ["runc"], hook: Bool = true) throws {
        let scratch = try Scratch()
        for name in ["b", "bin", "own"] { try scratch.descriptor.makeDirectory(name) }
        try scratch.file("own/rtshield-runtime", "", permissions: 0o755)
        if hook { try scratch.file("own/rtshield-hook", "", permissions: 0o755) }
        for name in runtimes { try scratch.file("bin/\(name)", "", permissions: 0o755) }
        self.scratch = scratch
    }

    var installation: Installation {
        Installation(
            program: scratch.path + "/own/rtshield-runtime", configuration: scratch.path + "/config.yaml",
            searchPath: ["/no/such/directory", scratch.path + "/bin", scratch.path + "/own"],
            log: SystemLog(identifier: "test", journal: .abstract("nobody"), syslog: .abstract("nobody")))
    }

    /// The real runtime's name, after everything that comes before it; or why it is not called, below this directory.
    func prepare(_ words: String...) -> String {
        do throws(RuntimeError) {
            return try Wrapper(installation).prepare(RuntimeInvocation(words)).replacing(scratch.path)
        } catch {
            return error.description.replacing(scratch.path)
        }
    }

    func create() -> String { prepare("create", "--bundle", scratch.path + "/b", "x") }
}

extension String {
    /// The text without a part of it, wherever that is.
    fileprivate func replacing(_ part: String) -> String { split(separator: part).joined() }
}

@Suite("Choosing the real runtime")
struct RuntimeChoiceTests {
    @Test("runc comes before crun, and what is no program is none")
    func search() throws {
        #expect(try Machine(runtimes: ["crun"]).prepare("list") == "/bin/crun")
        let machine = try Machine(runtimes: ["crun", "runc"])
        #expect(machine.prepare("list") == "/bin/runc")
        try machine.scratch.file("bin/runc", "", permissions: 0o644)
        #expect(machine.prepare("list") == "/bin/crun")
    }

    @Test("the administrator's choice counts, even when it cannot be started, and whatever else is wrong in the file")
    func choice() throws {
        let machine = try Machine()
        try machine.scratch.file("config.yaml", "containers: {runtime: /opt/crun}\nshield: 3-\n")
        #expect(machine.prepare("list") == "/opt/crun")
        for text in ["containers: {runtime: crun}", "a: b: c", "containers: [x]"] {
            try machine.scratch.file("config.yaml", text)
            #expect(machine.prepare("list") == "/bin/runc")
            #expect(RuntimeSettings(machine.installation.configuration).warnings.count == 1)
        }
    }

    @Test("this program is never taken for the real one")
    func itself() throws {
        let machine = try Machine(runtimes: [])
        _ = try ChildProcess.run(["ln", "-s", "rtshield-runtime", machine.scratch.path + "/own/runc"])
        #expect(machine.prepare("list").hasPrefix("there is no runtime: neither runc nor crun is in "))
        try machine.scratch.file("config.yaml", "containers: {runtime: \(machine.scratch.path)/own/runc}")
        #expect(
            machine.prepare("list")
                == "/own/runc is rtshield-runtime itself: name the real runtime as 'runtime', below 'containers', in "
                + "/config.yaml")
    }
}

@Suite("Preparing a bundle")
struct WrapperTests {
    private static let request = #"{"annotations": {"rtshield.io/rt-priority": "10"}}"#

    @Test("the hook is added once, and the file keeps its permissions")
    func hook() throws {
        let machine = try Machine()
        try machine.scratch.file("b/config.json", #"{"x": 1.0}"#, permissions: 0o640)
        #expect(machine.create() == "/bin/runc")
        let text = try machine.scratch.read("b/config.json")
        let entry = #"{"path": "/own/rtshield-hook", "args": ["rtshield-hook"], "timeout": 5}"#
        #expect(
            text.replacing(machine.scratch.path)
                == #"{"x": 1.0, "hooks": {"createRuntime": [\#(entry)], "poststop": [\#(entry)]}}"#)
        let inode = try machine.scratch.descriptor.open(beneath: "b/config.json", for: .reading).status()
        #expect(inode.permissions == 0o640)
        #expect(machine.create() == "/bin/runc")
        // Nothing was to change, and nothing was written.
        #expect(try machine.scratch.descriptor.open(beneath: "b/config.json", for: .reading).status() == inode)
    }

    @Test(
        "what newer runtimes read of a configuration stays byte for byte, with a hook beside it and an opened profile")
    func newer() throws {
        let machine = try Machine()
        let scheduler =
            #""scheduler" : {"policy":"SCHED_FIFO", "nice":0, "priority":10, "flags":["SCHED_FLAG_RESET_ON_FORK"]}"#
        let process =
            #""process": {"args": ["sh"], \#(scheduler), "ioPriority": {"class": "IOPRIO_CLASS_BE",  "priority": 6},"#
            + #" "execCPUAffinity": {"initial": "0-1", "final": "0x0c"}}"#
        let cpu = #""cpu": {"cpus": "2-3", "burst": 5000, "idle": 0}, "unified": {"cpuset.cpus.partition":"member"}"#
        let policy = #""memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"]}"#
        let linux =
            #""linux": {"resources": {\#(cpu)}, \#(policy), "intelRdt": {"schemata": ["L3:0=f"], "enableMonitoring": true}"#
        let seccomp = #", "seccomp": {"defaultAction": "SCMP_ACT_ERRNO"}}"#
        try machine.scratch.file(
            "config.yaml", "shield: {cpus: 2}\ncontainers: {open-seccomp: true}\nrealtime: {max-priority: 10}\n")
        try machine.scratch.file("b/config.json", "{\(process), \(linux)\(seccomp)}")
        #expect(machine.create() == "/bin/runc")
        let text = try machine.scratch.read("b/config.json")
        #expect(text.hasPrefix("{\(process), \(linux), \"seccomp\": {"))
        #expect(text.contains("rtshield-hook") && text.contains("sched_setscheduler"))
        let other = text.dropFirst(process.count + linux.count + 3)
        #expect(!other.contains("\"scheduler\"") && !other.contains("Affinity") && !other.contains("ioPriority"))
    }

    @Test(
        "other commands leave the bundle as it is", arguments: ["start", "exec", "spec", "delete", "--help", "--what"])
    func others(command: String) throws {
        let machine = try Machine()
        try machine.scratch.file("b/config.json", "{}")
        #expect(machine.prepare(command, "create", "-b", machine.scratch.path + "/b") == "/bin/runc")
        #expect(try machine.scratch.read("b/config.json") == "{}")
    }

    @Test(
        "what cannot be understood keeps no container from starting, unless it speaks of rtshield",
        arguments: [
            (#"{"hooks": 1"#, "config.json:1:12: the text ends too early"),
            (#"{"hooks": [1]"#, "config.json:1:14: the text ends too early"),
            (#"{"hooks": [1]}"#, "config.json:1:11: hooks: an object is wanted here"), ("x", nil), ("", nil),
        ])
    func mistakes(text: String, problem: String?) throws {
        let machine = try Machine()
        try machine.scratch.file("b/config.json", text)
        #expect(machine.create() == "/bin/runc")
        #expect(try machine.scratch.read("b/config.json") == text)
        for mark in [#""rtshield.io/cpus""#, #""rtshield.io\/cpus""#] {
            try machine.scratch.file("b/config.json", text + mark)
            let refusal = machine.create()
            #expect(refusal.hasSuffix("; the container speaks of rtshield, and does not start without its hook"))
            #expect(try machine.scratch.read("b/config.json") == text + mark)
        }
        guard let problem, !problem.hasSuffix("early") else { return }
        try machine.scratch.file("b/config.json", text + "\n")
        try machine.scratch.file("b/config.json", #"{"hooks": [1], "a": "rtshield.io/"}"#)
        #expect(machine.create().hasPrefix("/b/\(problem); "))
    }

    @Test("a symbolic link is not followed, but for a look at whether it speaks of rtshield")
    func link() throws {
        let machine = try Machine()
        #expect(machine.create() == "/bin/runc")
        _ = try ChildProcess.run(["ln", "-s", "../victim", machine.scratch.path + "/b/config.json"])
        #expect(machine.create() == "/bin/runc")
        for text in ["{}", Self.request] {
            try machine.scratch.file("victim", text)
            let outcome = machine.create()
            let isRefused = outcome.hasPrefix("cannot read /b/config.json: it is a symbolic link; the container speaks")
            #expect(isRefused == (text == Self.request))
            #expect(isRefused || outcome == "/bin/runc")
            #expect(try machine.scratch.read("victim") == text)
        }
    }

    @Test("a pipe and a directory in the place of the file do not keep us waiting", arguments: ["mkfifo", "mkdir"])
    func noFile(command: String) throws {
        let machine = try Machine()
        _ = try ChildProcess.run([command, machine.scratch.path + "/b/config.json"])
        #expect(machine.create() == "/bin/runc")
    }

    @Test("without the hook's program no container is given the hook, which no runtime could start")
    func missingHook() throws {
        let machine = try Machine(hook: false)
        try machine.scratch.file("b/config.json", "{}")
        #expect(machine.create() == "/bin/runc")
        #expect(try machine.scratch.read("b/config.json") == "{}")
        try machine.scratch.file("b/config.json", Self.request)
        #expect(
            machine.create().hasPrefix("/own/rtshield-hook is missing or not executable: install rtshield as a whole;"))
    }
}

@Suite("Who gets an opened seccomp profile")
struct SeccompPermissionTests {
    private static let profile = #""linux":{"seccomp":{"defaultAction":"SCMP_ACT_ERRNO"}}"#

    private func isOpened(_ annotations: String, _ configuration: String, more: String = "") throws -> Bool {
        let machine = try Machine()
        try machine.scratch.file("config.yaml", configuration)
        try machine.scratch.file("b/config.json", "{\"annotations\":{\(annotations)},\(Self.profile)\(more)}")
        #expect(machine.create() == "/bin/runc")
        let text = try machine.scratch.read("b/config.json")
        #expect(text.contains("rtshield-hook"))
        return text.contains(#"{"names":["sched_setscheduler","sched_setattr","mlockall","mlock"]"#)
    }

    private static let request = #""rtshield.io/rt-priority":"10""#
    private static let open = "shield: {cpus: 2}\ncontainers: {open-seccomp: true}\n"
    private static let limits = "realtime: {max-priority: 10}\n"

    @Test("a container that asks for real-time scheduling, and may have it, when the administrator wants that")
    func granted() throws {
        #expect(try isOpened(Self.request, Self.open + Self.limits))
        let scheduler = #","process":{"scheduler":{"policy":"SCHED_FIFO","priority":1}}"#
        #expect(try isOpened("", Self.open + Self.limits, more: scheduler))
    }

    @Test("nobody else")
    func refused() throws {
        #expect(try !isOpened(Self.request, "shield: {cpus: 2}\n" + Self.limits))
        #expect(try !isOpened(Self.request, Self.open))
        #expect(try !isOpened("", Self.open + Self.limits))
        #expect(try !isOpened(#""rtshield.io/cpus":"shared""#, Self.open + Self.limits))
        #expect(try !isOpened(#""rtshield.io/rt-priority":"x""#, Self.open + Self.limits))
        for above in ["deny", "ignore"] {
            #expect(try !isOpened(Self.request, Self.open + "realtime: {max-priority: 9, above: \(above)}\n"))
        }
        #expect(try !isOpened(Self.request, Self.open + "realtime: {max-priority: 10, who: [{engine: podman}]}\n"))
        let sandbox = #""io.kubernetes.cri.container-type":"sandbox""#
        #expect(try !isOpened("\(Self.request),\(sandbox)", Self.open + Self.limits))
        // A configuration that is not valid as a whole grants nothing.
        #expect(try !isOpened(Self.request, Self.open + Self.limits + "colour: red\n"))
    }
}
