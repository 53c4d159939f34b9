// SPDX-License-Identifier: Apache-2.0

import Configuration
import Containers
import Grants
import Linux
import OCIHook
import RecordedMachines
import Testing

@testable import MachineKit
@testable import ScriptedMachines
@testable import ShieldKit

/// A shielded machine, and a runtime on it that calls the hook for one container.
private struct Call {
    static let relying = ["irq-load-balancing.crio.io": "disable"]

    var shown = ShownContainer(id: "a", annotations: Self.relying, cpus: "2-3")
    var machine: ScriptedMachine
    var status = "creating"
    var process: Int32? = 300
    /// The bundle below the directory of files, as the state has it.
    var bundle = "b"
    /// Further files, such as kubelet's.
    var files: [String: String] = [:]
    var configuration = HookConfiguration(Configuration())

    init(_ annotations: [String: String] = Self.relying) throws {
        machine = try ScriptedMachine(.v2, kernel: "6.12.0")
        machine.addUsualNoise()
        var request = ShieldRequest(cpus: [2, 3, 4, 5])
        request.attributes = []
        try machine.create(request)
        shown.annotations = annotations
        try machine.launch(shown, process: 300)
        files["b/config.json"] = shown.configuration
        machine.clearTrace()
    }

    /// Calls the hook; `spareable` counts how often it said that the container may start without it.
    func outcome(spareable: (() -> Void)? = nil) throws -> HookOutcome {
        let directory = try RecordedMachine(files: files)
        let process = process.map { #", "pid": \#($0)"# } ?? ""
        let annotations = shown.annotations.map { #""\#($0)": "\#($1)""# }.joined(separator: ", ")
        let bundle = bundle.isEmpty ? "/" : "\(directory.path)/\(bundle)"
        let state = """
            {"ociVersion": "1.2.1", "id": "\(shown.id)", "status": "\(status)"\(process), "bundle": "\(bundle)",
             "annotations": {\(annotations)}}
            """
        return hook(root: directory.path, spareable).run(input: .success(Array(state.utf8)))
    }

    func hook(root: String = "/none", _ spareable: (() -> Void)? = nil) -> Hook {
        Hook(on: machine, configuration: configuration, root: root, caller: 1, onSpareable: spareable ?? {})
    }

    var grant: Grant? { get throws { try machine.granting().ledger["a"] } }
}

@Suite("A call of the hook")
struct HookCallTests {
    @Test("gives what a container requests, and takes it back when it is stopped", arguments: ["stopped", "creating"])
    func life(status: String) throws {
        var call = try Call()
        #expect(try call.outcome() == HookOutcome())
        #expect(try call.grant?.quiet == [2, 3] && call.machine.irq(24) == "0-1,4-7")
        try call.machine.vanish(try #require(try call.grant))
        call.status = status
        call.process = status == "stopped" ? 300 : nil
        #expect(try call.outcome().status == 0)
        #expect(try call.grant == nil && call.machine.irq(24) == "0-7")
    }

    @Test("tells the log what a container has not got, and lets it start")
    func remarks() throws {
        var call = try Call()
        call.shown.cpus = "0-2"
        call.files["b/config.json"] = call.shown.configuration
        let outcome = try call.outcome()
        #expect(outcome.status == 0 && outcome.refusal == nil && outcome.log.map(\.severity) == [.notice])
        #expect(outcome.log.first?.text.hasPrefix("a: irq-load-balancing.crio.io: it has no CPUs of its own") == true)
    }

    @Test("tells the runtime and the log in the same line why a container is not to start")
    func denied() throws {
        let call = try Call(["rtshield.io/rt-priority": "5"])
        let outcome = try call.outcome()
        let line = "a: priority 5 is above realtime.max-priority, 0"
        #expect(outcome.status == 1 && outcome.refusal == line)
        #expect(outcome.log.map(\.text) == [line] && outcome.log.map(\.severity) == [.error])
    }

    @Test("what is no state, or cannot be read, keeps a container from starting")
    func state() throws {
        let hook = try Call().hook()
        for (input, line) in [
            (.success([]), "state:1:1: the text is empty"),
            (.success(Array("{}".utf8)), "state:1:1: ociVersion: a text is wanted here"),
            (.failure(.fileTooLarge), "the state on standard input is larger than 1 MiB"),
            (.failure(.badFileDescriptor), "cannot read standard input: Bad file descriptor"),
        ] as [(Result<[UInt8], Errno>, String)] {
            let outcome = hook.run(input: input)
            #expect(outcome.refusal == line && outcome.status == 1)
        }
    }

    // MARK: - Configurations

    @Test("a container whose bundle is elsewhere is found by its id, and judged by what is found")
    func search() throws {
        var call = try Call()
        call.bundle = ""
        call.files = ["run/crun/a/config.json": call.shown.configuration]
        #expect(try call.outcome() == HookOutcome())
        #expect(try call.grant?.quiet == [2, 3])
    }

    @Test(
        "one that is found nowhere starts, unless its state shows that it relies on a grant", arguments: [false, true])
    func nowhere(relies: Bool) throws {
        var call = try Call(relies ? Call.relying : [:])
        call.files = ["none": ""]
        let outcome = try call.outcome()
        #expect((outcome.refusal != nil) == relies && outcome.log.map(\.severity) == [relies ? .error : .warning])
        let line = try #require(outcome.log.first?.text)
        #expect(line.hasPrefix("a: ") && line.hasSuffix("/b: No such file or directory"), "\(line)")
        #expect(call.machine.trace == [])
    }

    @Test("a mistake in the configuration of the machine keeps only those from starting that rely on a grant")
    func configuration() throws {
        let directory = try RecordedMachine(files: ["config.yaml": "shield: {cpus: 2-5}\nrealtime: {max-priority: x}\n"]
        )
        for relies in [false, true] {
            var call = try Call(relies ? Call.relying : [:])
            call.configuration = HookConfiguration(file: directory.path + "/config.yaml")
            let outcome = try call.outcome()
            #expect((outcome.refusal != nil) == relies && call.machine.trace == [])
            let start =
                "\(directory.path)/config.yaml is not a valid configuration: \(directory.path)/config.yaml:2:26: "
            #expect(outcome.log.first?.text.hasPrefix(start) == true, "\(outcome.log)")
        }
        #expect(HookConfiguration(file: directory.path + "/none.yaml") == HookConfiguration(Configuration()))
    }

    @Test("what kubelet keeps and cannot be understood is told, and the container judged without it")
    func kubelet() throws {
        var call = try Call()
        call.shown.parent = "/kubepods/pod4aec46af-22b7-4e26-babb-d15383ac9151"
        call.files["b/config.json"] = call.shown.configuration
        call.files["var/lib/kubelet/cpu_manager_state"] = "{"
        try call.machine.launch(call.shown, process: 301)
        call.process = 301
        let outcome = try call.outcome()
        #expect(outcome.status == 0 && outcome.log.first?.severity == .warning)
        #expect(
            outcome.log.first?.text.hasSuffix("/var/lib/kubelet/cpu_manager_state:1:2: the text ends too early") == true
        )
    }
}

@Suite("The lock of a call of the hook")
struct HookLockTests {
    @Test("is held while anything is changed, and given back", arguments: [false, true])
    func held(fails: Bool) throws {
        let call = try Call()
        if fails { call.machine.faults.refusals = [("ledger", .noSpace)] }
        var wasFree = false
        var changes = 0
        call.machine.observer = {
            changes += 1
            wasFree = wasFree || !$0.isLocked
        }
        #expect(try call.outcome().status == 0)
        #expect(!wasFree && !call.machine.isLocked && (changes == 0) == fails)
    }

    @Test("is waited for by a container that relies on a grant for as long as the hook may take")
    func needed() throws {
        let call = try Call()
        call.machine.isLocked = true
        let outcome = try call.outcome { Issue.record("the container may not start without the hook") }
        #expect(outcome.refusal == "cannot open /run/rtshield/lock: Interrupted system call")
        #expect(call.machine.trace == [] && call.machine.isLocked)
    }

    @Test("is waited for by any other as one that may start without the hook")
    func spareable() throws {
        let call = try Call([:])
        call.machine.isLocked = true
        var count = 0
        let outcome = try call.outcome { count += 1 }
        #expect(count == 1 && outcome.status == 0 && outcome.log.map(\.severity) == [.warning])
    }

    @Test("is waited for at the end of a container, who else would take back what it had")
    func end() throws {
        var call = try Call([:])
        call.machine.isLocked = true
        call.process = nil
        let outcome = try call.outcome { Issue.record("the end may not be left out") }
        #expect(outcome.status == 1)
    }

    @Test("is of no use on a machine without cpusets, where only those start that rely on nothing")
    func noCpuset() throws {
        for relies in [false, true] {
            var call = try Call(relies ? Call.relying : [:])
            call.machine = ScriptedMachine(layout: nil, cpusets: call.machine.cpusets, texts: call.machine.texts)
            let outcome = try call.outcome()
            #expect((outcome.refusal != nil) == relies && !call.machine.isLocked)
            #expect(outcome.log.first?.text.hasPrefix("no mounted cgroup hierarchy has the cpuset controller") == true)
        }
    }

    @Test("a ledger that cannot be used keeps those from starting that must have something, and is told at the end")
    func damaged() throws {
        let line = "a: /run/rtshield/ledger is no ledger of this rtshield"
        for strict in [[], [.irqs]] as [Set<Feature>] {
            var rules = ContainersConfiguration()
            rules.strict = strict
            var call = try Call()
            call.configuration = HookConfiguration(Configuration(containers: rules))
            call.machine.texts[Ledger.file] = "?"
            let outcome = try call.outcome()
            #expect((outcome.refusal == line) == !strict.isEmpty && outcome.log.map(\.text) == [line])
            call.process = nil
            #expect(try call.outcome().refusal == line)
        }
    }
}
