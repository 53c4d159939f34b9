// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MachineKit
@testable import CgroupKit
@testable import ShieldKit
@testable import ScriptedMachines

@Suite("The journal")
struct JournalTests {
    private let bootID = "d1f0c1a2-0000-4000-8000-000000000001"

    private func machine() throws -> ScriptedMachine { try ScriptedMachine(.v1, kernel: "6.1.0") }

    static let steps: [Step] = [
        .write(
            Write(.cpus(of: "/a"), old: .cpus([]), new: .cpus([0, 1, 6, 7]), why: "“quoted” \\ and\ttabbed")),
        .makeGroup(CgroupSpec("/docker", isAdoptable: true, why: "made")),
        .removeGroup(CgroupSpec("/docker/rtshield", fallback: "/docker", why: "")),
        .rememberAffinities(CPUSet(0...70)),
        .restoreAffinities(AffinityRecord(affinity: [3], tasks: [12, 13, 40], ticks: 7)),
        .sweep(Sweep(destination: nil, shield: [2, 3])), .sweep(Sweep(destination: "/system", shield: [])),
        .units(
            UnitChange(
                files: [UnitChange.File("a.slice", old: nil, new: .limits(UnitSettings(.slice, cpus: [2])))],
                given: [[2]],
                givenBefore: [], settled: ["/x"], handingDown: [.root])),
    ]

    @Test("every step is read back as it was written", arguments: steps)
    func roundTrip(_ step: Step) throws {
        let machine = try machine()
        var journal = Journal(bootID: bootID, ticks: 42)
        try journal.append(Journal.Entry(undo: step), on: machine)
        try journal.append(Journal.Entry(done: true), on: machine)
        let read = try #require(try Journal(of: machine, bootID: bootID))
        #expect(read.entries == journal.entries && read.undo == [step] && read.header?.ticks == 42)
    }

    @Test("both placements are read back", arguments: [Placement.open, .pool(balanced: true), .pool(balanced: false)])
    func intent(placement: Placement) throws {
        let machine = try machine()
        let host = try Host(observing: machine)
        let shield = try Shield(
            ShieldRequest(cpus: [2], placement: placement), topology: host.topology, boot: host.boot)
        var journal = Journal(bootID: bootID, ticks: 1)
        let intent = Journal.Intent(shield: shield, strategy: StrategyChoice(name: "v1", reason: "it is"))
        try journal.append(Journal.Entry(intent: intent), on: machine)
        #expect(!journal.isComplete)
        try journal.append(Journal.Entry(done: true), on: machine)
        let read = try #require(try Journal(of: machine, bootID: bootID))
        #expect(read.intent == intent && read.isComplete)
    }

    @Test("nothing is on disk before the first step, and nothing after the last is removed")
    func presence() throws {
        let machine = try machine()
        #expect(try Journal(of: machine, bootID: bootID) == nil)
        var journal = Journal(bootID: bootID, ticks: 1)
        try journal.append(Journal.Entry(done: true), on: machine)
        #expect(machine.texts[Journal.file] != nil)
        try Journal.remove(on: machine)
        try Journal.remove(on: machine)
        #expect(machine.texts[Journal.file] == nil)
    }

    private func text(_ steps: [Step]) throws -> String {
        let machine = try machine()
        var journal = Journal(bootID: bootID, ticks: 1)
        for step in steps { try journal.append(Journal.Entry(undo: step), on: machine) }
        return machine.texts[Journal.file] ?? ""
    }

    @Test("a torn last line is left out, at whatever byte it was torn")
    func torn() throws {
        let whole = try text(Array(Self.steps.prefix(3)))
        let last = try #require(whole.split(separator: "\n").last).utf8.count
        for cut in 2...last {
            let machine = try machine()
            machine.texts[Journal.file] = String(decoding: whole.utf8.dropLast(cut), as: UTF8.self)
            let journal = try #require(try Journal(of: machine, bootID: bootID))
            #expect(journal.undo == Array(Self.steps.prefix(2)))
        }
    }

    @Test("what follows a torn line starts on a line of its own")
    func appendingAfterTear() throws {
        let machine = try machine()
        machine.texts[Journal.file] = String(try text(Array(Self.steps.prefix(3))).dropLast(9))
        var journal = try #require(try Journal(of: machine, bootID: bootID))
        try journal.append(Journal.Entry(undo: Self.steps[3]), on: machine)
        try journal.append(Journal.Entry(undo: Self.steps[4]), on: machine)
        let read = try #require(try Journal(of: machine, bootID: bootID))
        #expect(read.undo == [0, 1, 3, 4].map { Self.steps[$0] })
    }

    @Test("a damaged line in the middle stops everything, and is named")
    func damaged() throws {
        let machine = try machine()
        var lines = try text(Self.steps).split(separator: "\n").map(String.init)
        lines[2] = "{\"undo\":{\"explode\":{}}}"
        machine.texts[Journal.file] = lines.joined(separator: "\n") + "\n"
        #expect(throws: JournalError.damaged(path: "/run/rtshield/journal", line: 3)) {
            try Journal(of: machine, bootID: bootID)
        }
    }

    @Test("a journal of another boot tells nothing, and one of another format is refused")
    func foreign() throws {
        let machine = try machine()
        machine.texts[Journal.file] = try text(Self.steps)
        #expect(try Journal(of: machine, bootID: "another") == nil)
        machine.texts[Journal.file] = try text(Self.steps).replacingFirst("\"format\":2", with: "\"format\":9")
        #expect(throws: JournalError.otherFormat(9)) { try Journal(of: machine, bootID: bootID) }
    }

    static let formatOneSteps: [(String, Step)] = [
        (
            #"{"write":{"file":{"path":"system/cpuset.cpus","tree":"cpuset"},"new":"","old":"0-1","why":"a"}}"#,
            .write(Write(.cpus(of: "/system"), old: .cpus([0, 1]), new: .cpus([]), why: "a"))
        ),
        (
            #"{"write":{"file":{"path":"mems","tree":"cpuset"},"new":"0","old":"0-1","why":"noprefix"}}"#,
            .write(Write(.mems(of: .root), old: .cpus([0, 1]), new: .cpus([0]), why: "noprefix"))
        ),
        (
            #"{"removeGroup":{"heir":"/","isAdoptable":true,"path":"/docker","why":"b"}}"#,
            .removeGroup(CgroupSpec("/docker", isAdoptable: true, why: "b"))
        ),
        (
            #"{"tune":{"attribute":"irqs","batches":[{"tree":"proc","paths":["irq/default_smp_affinity"],"new":"ff","#
                + #""old":"c3","why":"c"},{"tree":"proc","paths":["irq/4/smp_affinity_list","irq/15/smp_affinity_list"],"#
                + #""new":"0-7","old":"0-1","why":"c"}]}}"#,
            .tune(
                Tuning(
                    .irqs,
                    writes: [
                        Write(.defaultIRQAffinity, old: .cpus([0, 1, 6, 7]), new: .cpus(CPUSet(0...7)), why: "c"),
                        Write(.irqAffinity(4), old: .cpus([0, 1]), new: .cpus(CPUSet(0...7)), why: "c"),
                        Write(.irqAffinity(15), old: .cpus([0, 1]), new: .cpus(CPUSet(0...7)), why: "c"),
                    ]))
        ),
        (
            ##"{"units":{"files":[{"path":"service.d/50-rtshield.conf","old":"# Written by rtshield; 'rtshield destroy' "##
                + ##"removes it.\n[Service]\nAllowedCPUs=0-1\n"}],"given":[],"givenBefore":["0-1"],"settled":[],"##
                + ##""handingDown":["/"]}}"##,
            .units(
                UnitChange(
                    files: [
                        UnitChange.File(
                            "service.d/50-rtshield.conf", old: .limits(UnitSettings(.service, cpus: [0, 1])), new: nil)
                    ], given: [], givenBefore: [[0, 1]], settled: [], handingDown: [.root]))
        ),
    ]

    @Test("a journal of format 1 is read with all it tells", arguments: formatOneSteps)
    func formatOne(text: String, step: Step) throws {
        let machine = try machine()
        machine.texts[Journal.file] =
            #"{"header":{"bootID":"\#(bootID)","format":1,"ticks":42}}"# + "\n{\"undo\":\(text)}\n{\"done\":true}\n"
        #expect(try Journal(of: machine, bootID: bootID)?.undo == [step])
    }

    @Test("what a journal of format 1 tells is undone")
    func undoingFormatOne() throws {
        let machine = try machine()
        let before = machine.snapshot
        try machine.add(group: "/system", cpus: "0-1")
        machine.texts[Journal.file] =
            #"{"header":{"bootID":"\#(bootID)","format":1,"ticks":42}}"#
            + "\n"
            + [
                #"{"removeGroup":{"heir":"/","isAdoptable":false,"path":"/system","why":""}}"#,
                #"{"write":{"file":{"path":"system/cpuset.cpus","tree":"cpuset"},"new":"","old":"0-1","why":""}}"#,
            ].map { "{\"undo\":\($0)}\n" }.joined()
        try machine.destroy()
        #expect(machine.differences(from: before) == [])
    }

    @Test("a journal that cannot be read is no missing journal")
    func unreadable() throws {
        let machine = try machine()
        machine.faults.death = 0
        _ = try? machine.makeDirectory(KernelFile(.cpuset, "x"))
        #expect(throws: JournalError.self) { try Journal(of: machine, bootID: bootID) }
    }

    @Test("it is cut back, and reduced to what is left to undo")
    func shortening() throws {
        let machine = try machine()
        var journal = Journal(bootID: bootID, ticks: 1)
        for step in Self.steps { try journal.append(Journal.Entry(undo: step), on: machine) }
        try journal.truncate(to: 3, on: machine)
        #expect(try Journal(of: machine, bootID: bootID)?.undo == Array(Self.steps.prefix(2)))
        try journal.keep(only: [Self.steps[1]], on: machine)
        let read = try #require(try Journal(of: machine, bootID: bootID))
        #expect(read.undo == [Self.steps[1]] && read.header?.bootID == bootID && !read.isComplete)
    }
}

extension String {
    fileprivate func replacingFirst(_ text: String, with other: String) -> String {
        guard let range = firstRange(of: text) else { return self }
        return self[..<range.lowerBound] + other + self[range.upperBound...]
    }
}
